/* Search runs in a worker, and browsers start none for pages opened from a disk: there, a hidden frame does its work. */
if (location.protocol === "file:") {
  window.Worker = class extends EventTarget {
    constructor(url) {
      super();
      this.onmessage = this.onerror = null;
      this.waiting = [];
      this.frame = document.createElement("iframe");
      this.frame.hidden = true;
      this.frame.srcdoc = `<script src="${new URL(url, location.href)}"></` + "script>";
      this.frame.addEventListener("load", () => {
        this.inner = this.frame.contentWindow;
        this.inner.postMessage = (data) => this.tell(data);
        this.waiting.splice(0).forEach((data) => this.postMessage(data));
      });
      document.documentElement.append(this.frame);
    }

    /* A worker shares no values with its page, and never answers at once. */
    tell(data) {
      const event = new MessageEvent("message", { data: structuredClone(data) });
      setTimeout(() => {
        this.dispatchEvent(event);
        if (this.onmessage) this.onmessage(event);
      });
    }

    postMessage(data) {
      if (!this.inner) {
        this.waiting.push(data);
        return;
      }
      const event = new MessageEvent("message", { data: structuredClone(data) });
      setTimeout(() => this.inner.onmessage(event));
    }

    terminate() {
      this.frame.remove();
    }
  };
}
