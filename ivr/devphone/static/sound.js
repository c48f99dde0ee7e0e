// SPDX-License-Identifier: Apache-2.0
// The sound of one call: earpiece and microphone over a WebSocket, and the ringing before it.

import { decode, encode } from "./mulaw.js";

const PHONE_HZ = 8000;
const AHEAD_S = 0.1; // played this much later than received, so that jitter is not heard

/** One call's sound. `begin` must follow a click, or browsers keep it silent. */
export class CallSound {
  constructor(call) {
    this.context = new AudioContext();
    this.playAt = 0;
    const address = new URL(`/devphone/calls/${call}/sound`, location.href);
    address.protocol = "ws:";
    this.socket = new WebSocket(address);
    this.socket.binaryType = "arraybuffer";
    this.socket.onmessage = (message) => this.play(new Uint8Array(message.data));
  }

  play(bytes) {
    const buffer = this.context.createBuffer(1, bytes.length, PHONE_HZ);
    buffer.copyToChannel(decode(bytes), 0);
    const source = this.context.createBufferSource();
    source.buffer = buffer;
    source.connect(this.context.destination);
    const now = this.context.currentTime;
    if (this.playAt < now) this.playAt = now + AHEAD_S;
    source.start(this.playAt);
    this.playAt += buffer.duration;
  }

  /** Sends the microphone; throws when the browser or its owner refuses. */
  async listen() {
    this.stream = await navigator.mediaDevices.getUserMedia({
      audio: { echoCancellation: true, noiseSuppression: true },
    });
    await this.context.audioWorklet.addModule(new URL("./microphone.js", import.meta.url));
    const node = new AudioWorkletNode(this.context, "microphone");
    node.port.onmessage = ({ data }) => {
      if (this.socket.readyState === WebSocket.OPEN) this.socket.send(encode(data));
    };
    this.context.createMediaStreamSource(this.stream).connect(node);
  }

  end() {
    this.socket.close();
    this.stream?.getTracks().forEach((track) => track.stop());
    this.context.close();
  }
}

/** Rings until `end`: 440 and 480 Hz, one second in three. */
export class Ringing {
  constructor() {
    this.context = new AudioContext();
    this.timer = setInterval(() => this.ringOnce(), 3000);
    this.ringOnce();
  }

  ringOnce() {
    const volume = this.context.createGain();
    volume.gain.value = 0.08;
    volume.connect(this.context.destination);
    for (const hertz of [440, 480]) {
      const tone = this.context.createOscillator();
      tone.frequency.value = hertz;
      tone.connect(volume);
      tone.start();
      tone.stop(this.context.currentTime + 1);
    }
  }

  end() {
    clearInterval(this.timer);
    this.context.close();
  }
}
