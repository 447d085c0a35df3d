// Questions to gradus, one after the other. Of each slot only the newest question counts: an older one is stopped, and
// nobody hears of it.

/** How long a question may take before it is stopped, in ms. */
const PATIENCE = 10_000;
/** How long a question that is of no interest any more may go on: stopping costs a start. */
const GRACE = 120;

/** What came too late is `null`. */
export class Engine {
  #start;
  #queue = [];
  #running = null;

  /** `start(question)` gives `{ answer: Promise<string>, begun: Promise, stop() }`: loading gradus is no part of the time. */
  constructor(start) {
    this.#start = start;
  }

  /** The answer to a question; `null` when a newer one of its slot has come, or it was cancelled. */
  ask(slot, question) {
    this.#drop(slot);
    return new Promise((told) => {
      this.#queue.push({ slot, question, told });
      this.#next();
    });
  }

  /** Stops what runs and forgets what waits. */
  cancel() {
    for (const one of this.#queue.splice(0)) one.told(null);
    if (this.#running) this.#stop(this.#running, null);
  }

  #drop(slot) {
    this.#queue = this.#queue.filter((one) => one.slot !== slot || one.told(null));
    const running = this.#running;
    if (running?.slot === slot && !running.stale) {
      running.stale = true;
      running.told(null);
      setTimeout(() => this.#stop(running, null), GRACE);
    }
  }

  #stop(one, answer) {
    if (this.#running !== one) return;
    this.#running = null;
    clearTimeout(one.timer);
    one.stop();
    one.told(answer);
    this.#next();
  }

  async #next() {
    if (this.#running || this.#queue.length === 0) return;
    const one = this.#queue.shift();
    this.#running = one;
    const { answer, begun, stop } = this.#start(JSON.stringify(one.question));
    one.stop = stop;
    begun.then(() => {
      if (this.#running === one) one.timer = setTimeout(() => this.#stop(one, late()), PATIENCE);
    });
    try {
      const text = await answer;
      this.#end(one, JSON.parse(text));
    } catch (failure) {
      this.#stop(one, broken(failure));
    }
  }

  #end(one, answer) {
    if (this.#running !== one) return;
    this.#running = null;
    clearTimeout(one.timer);
    one.told(answer);
    this.#next();
  }
}

const refused = (kind, message, help) => ({ refused: { text: '', errors: [{ kind, message, places: [], help }] } });

const late = () => refused('limit', `there was no answer within ${PATIENCE / 1000} seconds, so gradus was stopped`, 'ask for fewer derivatives (by), or use the command gradus');

const broken = (failure) => {
  const deep = failure instanceof RangeError || /stack|memory access out of bounds/i.test(String(failure.message ?? failure));
  return deep
    ? refused('limit', 'the document nests deeper than this browser lets gradus go', 'give parts of it names, or use the command gradus')
    : refused('internal', `gradus has failed: ${failure.message ?? failure}`, 'please report the document that does this');
};
