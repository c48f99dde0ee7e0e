// SPDX-License-Identifier: Apache-2.0
// Runs on the audio thread: takes the microphone down to 8 kHz, 20 ms at a time.

const PHONE_HZ = 8000;
const FRAME = 160;

class Microphone extends AudioWorkletProcessor {
  constructor() {
    super();
    this.step = sampleRate / PHONE_HZ; // input samples to one output sample
    this.sum = 0;
    this.count = 0;
    this.position = 0;
    this.frame = [];
  }

  // The mean of what falls on one output sample: a low-pass that is good enough for speech.
  process(inputs) {
    for (const sample of inputs[0][0] ?? []) {
      this.sum += sample;
      this.count += 1;
      this.position += 1;
      if (this.position >= this.step) {
        this.position -= this.step;
        this.frame.push(this.sum / this.count);
        this.sum = this.count = 0;
      }
    }
    while (this.frame.length >= FRAME) {
      this.port.postMessage(Float32Array.from(this.frame.splice(0, FRAME)));
    }
    return true;
  }
}

registerProcessor("microphone", Microphone);
