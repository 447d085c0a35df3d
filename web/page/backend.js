// gradus in WebAssembly, in a worker. Stopping it ends the worker; the next one gets the module that is compiled already.

const MODULE = 'gradus.wasm.packed';

let compiled = null;
let worker = null;

/** The module, unpacked: a file server need not know how to compress. */
async function compile() {
  const answer = await fetch(MODULE);
  if (!answer.ok) throw new Error(`${MODULE} cannot be loaded: ${answer.status}`);
  const bytes = await answer.arrayBuffer();
  // some servers unpack it on the way
  switch (new DataView(bytes).getUint32(0)) {
    case 0x28b52ffd: {
      const { decompress } = await import('./fzstd.js');
      return WebAssembly.compile(decompress(new Uint8Array(bytes)));
    }
    case 0x1f8b0800: {
      const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
      return WebAssembly.compileStreaming(new Response(unpacked, { headers: { 'Content-Type': 'application/wasm' } }));
    }
    default:
      return WebAssembly.compile(bytes);
  }
}

function started() {
  if (!worker) {
    compiled ??= compile();
    worker = new Worker('worker.js', { type: 'module' });
    const own = worker;
    own.ready = new Promise((ready) => own.addEventListener('message', ({ data }) => data.ready && ready()));
    compiled.then((module) => own.postMessage({ module }), () => { compiled = null; });
  }
  return worker;
}

/** Begins at once with what a first question needs. */
export function prepare() {
  started();
}

export function start(question) {
  const own = started();
  const answer = new Promise((told, failed) => {
    own.onmessage = ({ data }) => {
      if (data.failure) failed(failureOf(data));
      else if (data.answer) told(data.answer);
    };
    own.onerror = (event) => failed(new Error(event.message ?? 'the worker has ended'));
    compiled.catch(failed);
    own.postMessage({ question });
  });
  return { answer, begun: own.ready, stop };
}

function stop() {
  worker?.terminate();
  worker = null;
  // the next question will be soon
  if (compiled) started();
}

const failureOf = ({ failure, range }) => (range ? new RangeError(failure) : new Error(failure));

export const OFFLINE = true;
