// The page's side of the worker: starts it, asks it one thing at a time, looks at the clock, ends it when it hangs.

const SIGINT = 2;
const SIGPROF = 27; // what grader/site/inside.py listens to
const AGAIN_MS = 500; // a loop with a bare `except:` survives one
const LOST_MS = 3000; // after the deadline: nothing will stop it any more
const SILENT_MS = 60000; // no answer and no sign of life

export class Stuck extends Error {}
export class Stopped extends Error {}

export class Python {
  // config: what worker.js needs.
  // shows: loading(done, total), ready(), idle(), failed(text), frame(frame of a training)
  constructor(config, shows) {
    this.config = config;
    this.shows = shows;
    this.shared = globalThis.crossOriginIsolated === true;
    this.number = 0;
    this.current = null;
    this.queue = new Promise((resolve) => (this.begin = resolve)); // one after the other, also across a new start
    setInterval(() => this.#look(), 100);
  }

  start(kata) {
    this.kata = kata;
    this.interrupt = this.shared ? new Uint8Array(new SharedArrayBuffer(1)) : null;
    this.deadline = this.shared ? new Float64Array(new SharedArrayBuffer(8)) : null;
    this.worker = new Worker("worker.js", { type: "module" });
    this.worker.onmessage = ({ data }) => this.#hear(data);
    this.worker.onerror = () => this.#end(new Error("worker.js"), false);
    const { config, interrupt, deadline } = this;
    this.ready = this.#send({ request: "start", config, interrupt, deadline, kata });
    this.ready.then(
      () => this.shows.ready(),
      (problem) => this.shows.failed(problem.message),
    );
    this.begin();
  }

  // Asks the worker; rejects with Stuck if it had to be ended, with Stopped if the student wanted it.
  ask(request, fields) {
    const answer = this.queue.then(async () => {
      await this.ready;
      return this.#send({ request, ...fields });
    });
    this.queue = answer.catch(() => {});
    return answer;
  }

  stop() {
    if (!this.current) return;
    this.wanted = true;
    if (this.shared) {
      this.interrupt[0] = SIGINT;
      this.lost = Date.now() + LOST_MS;
    } else this.#end(new Stopped());
  }

  restart() {
    this.#end(new Stopped());
  }

  #send(message) {
    return new Promise((resolve, reject) => {
      const id = ++this.number;
      this.wanted = false;
      this.lost = 0;
      this.alive = Date.now();
      if (this.interrupt) this.interrupt[0] = 0;
      this.current = { id, resolve, reject, request: message.request };
      this.worker.postMessage({ ...message, id });
    });
  }

  #hear(data) {
    this.alive = Date.now();
    if (data.loading && this.current) this.shows.loading(data.loading.done, data.loading.total);
    if (data.frame) this.shows.frame(data.frame);
    if (data.id === undefined || data.id !== this.current?.id) return;
    const { resolve, reject, request } = this.current;
    this.current = null;
    if (request !== "start") this.shows.idle();
    if (data.fault === undefined) resolve(this.wanted ? { ...data.answer, stopped: true } : data.answer);
    else if (this.wanted) reject(new Stopped());
    // Another type of error than Python's own, and the interpreter is beyond repair.
    else if (data.type === "PythonError" || request === "start" || /no network/.test(data.fault))
      reject(new Error(data.fault));
    else {
      this.current = { id: data.id, resolve, reject, request };
      this.#end(new Stuck(data.fault));
    }
  }

  #look() {
    if (!this.current) return;
    const now = Date.now();
    const until = this.deadline?.[0] ?? 0;
    if (until && now > until) {
      if (now - (this.sent ?? 0) >= AGAIN_MS) {
        this.sent = now;
        this.interrupt[0] = SIGPROF;
      }
      if (now > until + LOST_MS) this.#end(new Stuck());
    } else if (this.lost && now > this.lost) this.#end(new Stopped());
    else if (now > this.alive + SILENT_MS && ["check", "draw"].includes(this.current?.request)) this.#end(new Stuck());
  }

  // Ends the worker and starts another; what was asked is answered with the reason.
  #end(reason, again = true) {
    this.worker.terminate();
    const { current } = this;
    this.current = null;
    if (again) this.start(this.kata);
    if (current && (current.request !== "start" || !again)) current.reject(reason);
  }
}
