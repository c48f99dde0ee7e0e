// SPDX-License-Identifier: Apache-2.0
// Mu-law as ITU-T G.711 defines it: one byte a sample at 8 kHz.

const BIAS = 33;
const LARGEST = 8191;

const toSample = Float32Array.from({ length: 256 }, (_, byte) => {
  const code = ~byte & 0xff;
  const magnitude = ((((code & 15) << 1) + BIAS) << ((code >> 4) & 7)) - BIAS;
  return (code & 0x80 ? -magnitude : magnitude) / 8192;
});

/** Samples (-1 to 1) of mu-law bytes. */
export function decode(bytes) {
  return Float32Array.from(bytes, (byte) => toSample[byte]);
}

/** Mu-law bytes of samples (-1 to 1). */
export function encode(samples) {
  return Uint8Array.from(samples, (sample) => {
    const sign = sample < 0 ? 0x80 : 0;
    const biased = Math.min(Math.round(Math.abs(sample) * 8192) + BIAS, LARGEST);
    const segment = 31 - Math.clz32(biased) - 5;
    const step = (biased >> (segment + 1)) & 15;
    return ~(sign | (segment << 4) | step) & 0xff;
  });
}
