// SPDX-License-Identifier: Apache-2.0
// Sends as soon as a photo is there, and says so. Without it the button sends.
"use strict";

const form = document.querySelector("form");
const news = document.getElementById("news");

function say() {
  news.textContent = news.dataset.sending;
}

if (form) {
  form.addEventListener("submit", say);
  for (const input of form.querySelectorAll("input[type=file]")) {
    input.addEventListener("change", () => {
      if (input.files.length > 0) form.requestSubmit();
    });
  }
  // Back from an upload that broke off: the old news is none any more.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) news.textContent = "";
  });
}
