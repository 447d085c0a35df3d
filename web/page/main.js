// The page: what is in its fields, what is asked of gradus, what is shown.
import { OFFLINE, prepare, start } from './backend.js';
import { Editor } from './editor.js';
import { Engine } from './engine.js';
import { EXAMPLES, example } from './examples.js';
import { copied, element, formulas, scrollable, unfolding, verdict } from './results.js';
import { share, shared } from './share.js';
import { Tabs } from './tabs.js';

const TABS = [
  ['result', 'Result'], ['steps', 'Steps'], ['graph', 'Graph'], ['check', 'Check'],
  ['unicode', 'Text'],   ['latex', 'LaTeX'], ['markdown', 'Markdown'], ['typst', 'Typst'], ['code', 'Code'],
];
/** What stands in the editor first. */
const SEED = 's = u^T f(W x + b)';
/** How long after the last key gradus is asked, in ms. */
const PAUSE = 60;

const $ = (id) => document.getElementById(id);
const engine = new Engine(start);
const editor = new Editor(document.querySelector('.editor'), () => later());
const tabs = new Tabs($('tabs'), $('panel'), TABS, (name) => open(name));

let tab = 'result';
let claim = '';
let target = '';
let targets = [];
let languages = [];
let language = '';
let last = {};
let timer;

const fields = () => ({ document: editor.text, wrt: $('wrt').value, form: $('form').value, order: $('order').value });

/** A question about what the fields hold. */
function question(ask, more = {}) {
  const { order, ...own } = fields();
  const letters = Math.floor(($('panel').clientWidth - 40) / 10);
  return { ask, ...own, order: Number(order), width: Math.max(28, Math.min(letters, 90)), ...more };
}

function later() {
  clearTimeout(timer);
  timer = setTimeout(derive, PAUSE);
}

/** Derives, says how everything was read, and shows what the open tab asks for. */
async function derive() {
  clearTimeout(timer);
  share({ ...fields(), order: $('order').value === '1' ? '' : $('order').value, tab: tab === 'result' ? '' : tab, claim, target });
  if (!editor.text.trim()) return showNothing();
  const what = question('derive');
  const key = JSON.stringify(what);
  // another tab asks nothing new of the results
  const [answer, ms] = key === last.key ? [last.answer, last.ms] : await asked('live', what);
  if (!answer) return;
  last = { key, answer, ms };
  tell(answer);
  if (answer.refused) return show(ms, refusedIn(answer.refused));
  targets = answer.targets;
  languages = answer.code;
  if (tab === 'result') show(ms, formulas(answer.html));
  else await fill();
}

/** Asks, and says so when it takes long. */
async function asked(slot, what) {
  const begun = performance.now();
  const waiting = setTimeout(() => {
    $('state').textContent = 'deriving …';
    $('cancel').hidden = false;
    $('panel').ariaBusy = 'true';
  }, 200);
  const answer = await engine.ask(slot, what);
  clearTimeout(waiting);
  return [answer, performance.now() - begun];
}

function settled(text) {
  $('state').textContent = text;
  $('cancel').hidden = true;
  $('panel').ariaBusy = 'false';
}

function show(ms, ...parts) {
  settled(`answered in ${Math.max(1, Math.round(ms))} ms`);
  $('panel').replaceChildren(...parts);
  scrollable($('panel'));
  noted(ms);
}

/** For whoever measures: how often there was an answer, and how long the last one took. */
function noted(ms) {
  const { dataset } = document.documentElement;
  if (!dataset.answered) performance.mark('first answer');
  dataset.answered = String(Number(dataset.answered ?? 0) + 1);
  dataset.ms = String(ms);
}

function showNothing() {
  engine.cancel();
  tell({});
  settled('');
  $('panel').replaceChildren(element('p', '', 'Type a document, or choose an example.'));
}

/** What was read, and what is wrong with it. */
function tell({ inputs, refused }) {
  const named = ({ name, shape }) => `${name}: ${shape.join('×') || 'scalar'}`;
  $('reading').textContent = inputs?.length ? `read as ${inputs.map(named).join(', ')}` : '';
  const own = refused && refused.text === editor.text ? refused.errors : [];
  editor.underline(own.flatMap((e) => e.places.slice(0, 1)).map((p) => p.at));
  $('errors').replaceChildren(...(refused?.errors ?? []).map((e) => told(e, refused.text === editor.text)));
}

function told(error, here) {
  const box = element('article');
  const head = element('p');
  head.append(element('b', '', `${error.kind} error: `), error.message);
  box.append(head);
  for (const { at, label } of here ? error.places : []) {
    const button = element('button', '', `${editor.text.slice(...at).trim() || 'here'} – ${label}`);
    button.type = 'button';
    button.addEventListener('click', () => editor.select(at));
    box.append(button);
  }
  if (error.help) box.append(element('p', '', error.help));
  if (here && error.fix) {
    const { at, text } = error.fix;
    const button = element('button', '', `Write ${text.trim()}`);
    button.type = 'button';
    button.addEventListener('click', () => editor.write(at, text));
    box.append(button);
  }
  return box;
}

const refusedIn = ({ errors }) => element('p', '', errors.length === 1 ? 'There is no answer: the reason is said below the document.' : 'There is no answer: the reasons are said below the document.');

async function open(name) {
  tab = name;
  tabs.show(name);
  await derive();
}

/** Fills the open tab, where that is more than the results. */
async function fill() {
  if (tab === 'check') return judge();
  if (tab === 'code') return program();
  const ask = { steps: 'steps', graph: 'graph' }[tab] ?? 'text';
  const [answer, ms] = await asked('tab', question(ask, { format: tab }));
  if (!answer) return;
  if (answer.refused) {
    tell(answer);
    return show(ms, refusedIn(answer.refused));
  }
  if (tab === 'steps') show(ms, stepsTools(), unfolding(answer.html));
  else if (tab === 'graph') show(ms, graph(answer.svg));
  else show(ms, ...copied(answer.text));
}

function stepsTools() {
  const button = element('button', '', 'Unfold all');
  button.type = 'button';
  button.addEventListener('click', () => {
    const all = [...$('panel').querySelectorAll('details')];
    const opens = all.some((d) => !d.open);
    for (const one of all) one.open = opens;
    button.textContent = opens ? 'Fold all' : 'Unfold all';
    scrollable($('panel'));
  });
  return button;
}

function graph(svg) {
  const box = element('div', 'graph');
  box.innerHTML = svg;
  box.firstElementChild.role = 'img';
  box.firstElementChild.ariaLabel = 'Computation graph: values flow forward, error signals back';
  return box;
}

/** The results as a program, in one of the languages there are. */
async function program() {
  if (!languages.includes(language)) [language] = languages;
  const choice = element('select');
  choice.ariaLabel = 'Language';
  choice.append(...languages.map((one) => new Option(one, one)));
  choice.value = language;
  choice.addEventListener('change', () => {
    language = choice.value;
    derive();
  });
  const [answer, ms] = await asked('tab', question('code', { target: language }));
  if (!answer) return;
  if (answer.refused) show(ms, choice, claimRefused(answer.refused));
  else show(ms, choice, ...copied(answer.text));
}

/** The form of a claim, and the verdict on it. */
async function judge() {
  const form = element('form', 'row');
  const by = element('select');
  by.ariaLabel = 'which derivative';
  by.append(...targets.map((t) => new Option(`derivative by ${t}`, t)));
  if (targets.includes(target)) by.value = target;
  const field = element('input');
  Object.assign(field, { ariaLabel: 'Your derivative', placeholder: 'your derivative', value: claim, spellcheck: false, autocomplete: 'off', autocapitalize: 'off', size: 30 });
  const button = element('button', '', 'Check');
  form.append(by, field, button);
  const said = element('div');
  said.role = 'status';
  const answer = async () => {
    [claim, target] = [field.value, by.value];
    share({ ...fields(), order: '', tab, claim, target });
    if (!claim.trim()) return said.replaceChildren(element('p', '', 'Write the derivative as you found it: gradus says whether it is right, and names the slip if it is not.'));
    const [found, ms] = await asked('tab', question('check', { claim, wrt: target }));
    if (!found) return;
    settled(`answered in ${Math.max(1, Math.round(ms))} ms`);
    said.replaceChildren(found.refused ? claimRefused(found.refused) : verdict(found));
    scrollable(said);
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    answer();
  });
  by.addEventListener('change', answer);
  show(0, form, said);
  await answer();
}

/** What is wrong with a claim's own text, with the place underlined. */
function claimRefused({ text, errors }) {
  const box = element('div', 'errors');
  for (const error of errors) {
    const one = told(error, false);
    const [place] = error.places;
    if (place) {
      const line = element('pre');
      line.append(text.slice(0, place.at[0]), element('mark', '', text.slice(...place.at) || ' '), text.slice(place.at[1]));
      one.append(line, element('p', '', place.label));
    }
    box.append(one);
  }
  return box;
}

/** Puts a state into the fields. */
function set({ document: text, wrt = '', form = '', order = '1' }) {
  editor.text = text;
  [$('wrt').value, $('form').value, $('order').value] = [wrt, form, order || '1'];
}

function restore() {
  const state = shared();
  set({ ...state, document: state.document ?? SEED });
  claim = state.claim ?? '';
  target = state.target ?? '';
  tab = TABS.some(([name]) => name === state.tab) ? state.tab : 'result';
  tabs.show(tab);
}

prepare();
$('examples').append(...EXAMPLES.map(([name, title]) => new Option(title, name)));
$('examples').addEventListener('change', async ({ target: { value } }) => {
  if (!value) return;
  set(await example(value));
  $('examples').value = '';
  derive();
});
$('wrt').addEventListener('input', later);
$('form').addEventListener('change', derive);
$('order').addEventListener('change', derive);
$('cancel').addEventListener('click', () => {
  engine.cancel();
  settled('cancelled');
});
$('share').addEventListener('click', async ({ target: button }) => {
  try {
    await navigator.clipboard.writeText(location.href);
    button.textContent = 'Copied';
  } catch {
    button.textContent = 'The link is the address of this page';
  }
  setTimeout(() => { button.textContent = 'Copy link'; }, 2000);
});
addEventListener('hashchange', () => {
  restore();
  derive();
});
$('panel').addEventListener('toggle', () => scrollable($('panel')), true);
restore();
derive();
if (OFFLINE && 'serviceWorker' in navigator) navigator.serviceWorker.register('offline.js').catch(() => {});
