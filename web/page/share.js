// The document and what is asked of it, in the address: nothing of it is sent to a server.

const FIELDS = ['document', 'wrt', 'form', 'order', 'tab', 'claim', 'target'];

/** What the address holds. */
export function shared() {
  const fields = new URLSearchParams(location.hash.slice(1));
  return Object.fromEntries(FIELDS.filter((f) => fields.has(f)).map((f) => [f, fields.get(f)]));
}

/** Puts it into the address, without a step in the history for every key. */
export function share(state) {
  const fields = new URLSearchParams(FIELDS.filter((f) => state[f]).map((f) => [f, state[f]]));
  history.replaceState(null, '', `#${fields}`);
}
