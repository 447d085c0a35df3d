// gradus on the loopback, as `gradus serve` answers: it stands in the place of `backend.js` there.

export function prepare() {}

export function start(question) {
  const ending = new AbortController();
  const answer = fetch('answer', { method: 'POST', body: question, headers: { 'Content-Type': 'application/json' }, signal: ending.signal })
    .then((reply) => (reply.ok ? reply.text() : reply.text().then((why) => { throw new Error(why); })));
  return { answer, begun: Promise.resolve(), stop: () => ending.abort() };
}

export const OFFLINE = false;
