// One question at a time to gradus in WebAssembly.
import init, { answer } from './gradus.js';

let ready;
const waiting = new Promise((module) => { ready = module; });
const started = waiting.then(async (module) => {
  await init({ module_or_path: module });
  // what is made once for all questions is made before the first
  answer('{"ask":"derive","document":"s = a^T x"}');
  postMessage({ ready: true });
});

onmessage = async ({ data }) => {
  if (data.module) return ready(data.module);
  try {
    await started;
    postMessage({ answer: answer(data.question) });
  } catch (failure) {
    postMessage({ failure: String(failure.message ?? failure), range: failure instanceof RangeError });
  }
};
