// SPDX-License-Identifier: Apache-2.0
// The page: texts, rings, answers, presses keys, and shows what happens.

import { CallSound, Ringing } from "./sound.js";

const element = (id) => document.getElementById(id);
const FINAL = ["completed", "busy", "failed", "no-answer", "canceled"];
const LOOK_EVERY_MS = 400;
const phone = { call: "", status: "", ringing: null, sound: null, lastTurn: 0, labels: new Set() };

const number = () => element("number").value;
const language = () => element("number").selectedOptions[0].dataset.language;

const photos = (count) => (count === 1 ? "a photo" : `${count} photos`);

async function post(path, body) {
  const json = body !== undefined && !(body instanceof FormData);
  const response = await fetch(`/devphone/${path}`, {
    method: "POST",
    headers: json ? { "Content-Type": "application/json" } : {},
    body: json ? JSON.stringify(body) : body,
  });
  if (!response.ok) {
    const problem = await response.json().catch(() => ({}));
    throw new Error(problem.message ?? `The dev phone answered ${response.status}.`);
  }
  return response.json();
}

function tell(who, words, kind = "") {
  const line = document.createElement("li");
  const name = document.createElement("span");
  name.className = "who";
  name.textContent = who;
  line.append(name, " ", words);
  line.className = kind;
  element("transcript").append(line);
  line.scrollIntoView({ block: "nearest" });
}

// ---- what the buttons do

const orTell = (action) => (event) => {
  Promise.resolve(action(event)).catch((error) => tell("phone", error.message, "error"));
};

const switchOn = () => post("handsets", { number: number(), language: language(), script: null });

async function sendText(event) {
  event.preventDefault();
  await switchOn();
  const form = new FormData(element("texting"));
  form.set("from", number());
  await post("texts", form);
  element("texting").reset();
}

async function ringService() {
  await switchOn();
  await post("calls", { number: number() });
}

const answer = () => post(`calls/${phone.call}/answer`);
const hangUp = () => post(`calls/${phone.call}/hang-up`);
const press = (key) => post(`calls/${phone.call}/keys`, { keys: key });

// ---- what the telephone does

function show() {
  const ringing = phone.status === "ringing";
  const talking = phone.status === "in-progress";
  element("ring").hidden = ringing || talking;
  element("answer").hidden = !ringing;
  element("hang-up").hidden = !talking;
  element("keypad").hidden = element("keys-hint").hidden = !talking;
}

async function openSound() {
  phone.sound = new CallSound(phone.call);
  if (!element("use-microphone").checked) return;
  try {
    await phone.sound.listen();
    element("microphone").textContent = "The microphone is on.";
  } catch (error) {
    element("microphone").textContent = `No microphone (${error.message}): answer by keys.`;
  }
}

function enter(call, status, direction) {
  phone.ringing?.end();
  phone.ringing = null;
  Object.assign(phone, { call, status });
  show();
  if (status === "ringing" && direction === "outbound-api") {
    element("state").textContent = "Your telephone rings.";
    phone.ringing = new Ringing();
    element("answer").focus();
  } else if (status === "in-progress") {
    element("state").textContent = "You are on the line.";
    Object.assign(phone, { lastTurn: 0, labels: new Set() });
    element("recording").hidden = true;
    element("keypad").querySelector("button").focus();
    openSound();
  } else if (FINAL.includes(status)) {
    element("state").textContent = status === "completed" ? "The call is over." : `No call: ${status}.`;
    phone.sound?.end();
    phone.sound = null;
    element("microphone").textContent = "";
    element("recording").href = `/devphone/calls/${call}/call.wav`;
    element("recording").hidden = status !== "completed";
    element("ring").focus();
  }
}

const isMine = (data) => [data.number, data.from, data.to].includes(number());

function take({ kind, call, data }) {
  if (kind === "call" && isMine(data)) enter(call, data.status, data.direction);
  else if (kind === "text_sent" && isMine(data)) tell("you", data.text || photos(data.photos));
  else if (kind === "text_received" && isMine(data)) tell("service", data.text);
  else if (kind === "pressed" && call === phone.call) tell("you", `key ${data.keys}`);
  else if (kind === "error") tell("phone", `${data.message} (${data.code})`, "error");
}

async function followEvents(after) {
  for (;;) {
    const response = await fetch(`/devphone/events?after=${after}&wait=15`).catch(() => null);
    if (!response?.ok) {
      element("state").textContent = "The dev phone does not answer. Is it still running?";
      await new Promise((done) => setTimeout(done, 2000));
      continue;
    }
    for (const event of await response.json()) {
      after = event.number;
      take(event);
    }
  }
}

async function followRecord() {
  const { call } = phone;
  if (call) {
    const response = await fetch(`/devphone/calls/${call}/record?after=${phone.lastTurn}`);
    if (response.ok && call === phone.call) {
      const { turns, labels, last } = await response.json();
      phone.lastTurn = last;
      for (const turn of turns) tell(turn.who === "record" ? "heard" : turn.who, turn.text);
      for (const label of labels.filter(({ text }) => !phone.labels.has(text))) {
        phone.labels.add(label.text);
        tell("record", label.text);
      }
    }
  }
  setTimeout(() => followRecord().catch(() => setTimeout(followRecord, LOOK_EVERY_MS)), LOOK_EVERY_MS);
}

element("texting").addEventListener("submit", orTell(sendText));
element("ring").addEventListener("click", orTell(ringService));
element("answer").addEventListener("click", orTell(answer));
element("hang-up").addEventListener("click", orTell(hangUp));
element("keypad").addEventListener("click", orTell(({ target }) => {
  if (target.dataset.key) return press(target.dataset.key);
}));
document.addEventListener("keydown", orTell(({ key, target }) => {
  if (phone.status === "in-progress" && /^[0-9*#]$/.test(key) && target.id !== "body") return press(key);
}));

const newest = await fetch("/devphone/events").then((response) => response.json());
await switchOn();
element("number").addEventListener("change", orTell(switchOn));
show();
followEvents(newest.at(-1)?.number ?? 0);
followRecord();
