"use strict";
/* Reads the code on a paper with the camera (jsQR: most browsers have no reader of their own). The button is there where there is a
   camera that may be used, which plain http never allows; pasting works everywhere. No picture is kept, nothing leaves the page. */
(() => {
  const button = document.getElementById("camera"), view = document.getElementById("view");
  const EVERY_MS = 200;
  const pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  let stream = null;

  function stop() {
    if (stream) stream.getTracks().forEach((track) => track.stop());
    stream = null;
    view.srcObject = null;
    view.hidden = true;
  }

  function codeInView() {
    const { videoWidth: width, videoHeight: height } = view;
    if (!width) return null;
    Object.assign(pen.canvas, { width, height });
    pen.drawImage(view, 0, 0);
    return jsQR(pen.getImageData(0, 0, width, height).data, width, height);
  }

  async function look() {
    while (stream) {
      const found = codeInView();
      if (found) {
        stop();
        const text = document.getElementById("text");
        text.value = found.data;
        text.dispatchEvent(new Event("input", { bubbles: true }));
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    }
  }

  async function begin() {
    if (stream) {
      stop();
      return;
    }
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    } catch {
      button.hidden = true; // refused, or taken by another program: pasting is still there
      return;
    }
    view.srcObject = stream;
    view.hidden = false;
    await view.play();
    await look();
  }

  async function offer() {
    const devices = await navigator.mediaDevices?.enumerateDevices().catch(() => []);
    button.hidden = !devices?.some((device) => device.kind === "videoinput");
  }

  button.addEventListener("click", begin);
  window.addEventListener("pagehide", stop);
  offer();
})();
