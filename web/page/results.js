// What gradus prints as HTML with MathML, as parts of the page.

const MATHML = 'http://www.w3.org/1998/Math/MathML';

/** A fragment in which wide formulas scroll by themselves. */
export function formulas(html) {
  const template = document.createElement('template');
  template.innerHTML = html;
  for (const math of template.content.querySelectorAll('math[display=block]')) {
    const box = element('div', 'formula');
    math.replaceWith(box);
    box.append(math);
  }
  for (const power of template.content.querySelectorAll('msup')) primed(power);
  return template.content;
}

/** A prime is at its height by itself; as an exponent it would be too high, and too small to be seen. */
function primed(power) {
  const [base, exponent] = power.children;
  if (!/^′+$/.test(exponent.textContent)) return;
  const row = document.createElementNS(MATHML, 'mrow');
  const prime = document.createElementNS(MATHML, 'mo');
  prime.textContent = exponent.textContent;
  prime.setAttribute('lspace', '0');
  prime.setAttribute('rspace', '0');
  row.append(base, prime);
  power.replaceWith(row);
}

/** A region that scrolls can be scrolled with the keyboard. */
export function scrollable(root) {
  for (const box of root.querySelectorAll('.formula, pre, .graph')) {
    if (box.scrollWidth <= box.clientWidth + 1) continue;
    box.tabIndex = 0;
    box.role = 'group';
    box.ariaLabel = box.matches('pre') ? 'Text, scrolls' : box.matches('.graph') ? 'Graph, scrolls' : 'Formula, scrolls';
  }
}

/** A derivation whose steps unfold: each title with what it comes to, below it the lines and the reasons of their rules. */
export function unfolding(html) {
  const content = formulas(html);
  const page = content.querySelector('.gradus');
  const reasons = reasonsOf(page);
  for (const title of [...page.querySelectorAll(':scope > p')]) {
    if (title.querySelector('strong')) {
      title.replaceWith(element('h3', '', title.textContent));
      continue;
    }
    const body = [];
    for (let next = title.nextElementSibling; next?.matches('.formula'); next = next.nextElementSibling) body.push(next);
    if (body.length > 0) title.replaceWith(folded(title, body, reasons));
  }
  return content;
}

function folded(title, body, reasons) {
  const details = element('details');
  const summary = element('summary');
  summary.append(...title.childNodes);
  if (summary.lastChild.nodeType === Node.TEXT_NODE) summary.lastChild.data = summary.lastChild.data.replace(/:$/, '');
  const conclusion = concluded(body);
  if (conclusion) summary.append(conclusion);
  details.append(summary, ...body);
  const rules = new Set(body.flatMap((one) => [...one.querySelectorAll('.beside mtext')].map((t) => nameOf(t.textContent))));
  const list = element('ul', 'reasons');
  for (const rule of rules) {
    if (reasons.has(rule)) list.append(element('li', '', `${rule}: ${reasons.get(rule)}`));
  }
  if (list.childElementCount > 0) details.append(list);
  return details;
}

/** The last row, where it says what the steps come to, as a formula of its own. */
function concluded(body) {
  const row = body.at(-1).querySelector('mtr:last-child');
  const [left, right] = row?.children ?? [];
  if (!right || !/^so\s/.test(left.textContent)) return null;
  const math = document.createElementNS(MATHML, 'math');
  for (const cell of [left, right]) math.append(...[...cell.cloneNode(true).childNodes].filter((n) => n.nodeName !== 'mtext'));
  const so = element('span', 'so');
  so.append('so ', math);
  return so;
}

/** The reasons at the foot, by rule; they leave the foot for the steps. */
function reasonsOf(page) {
  const used = new Set([...page.querySelectorAll('.beside mtext')].map((t) => nameOf(t.textContent)));
  const found = new Map();
  for (const item of page.querySelectorAll(':scope > ul > li')) {
    const [, rule, why] = item.textContent.match(/^([^:\s]+): ([^]*)$/) ?? [];
    if (!used.has(rule)) continue;
    found.set(rule, why);
    item.remove();
  }
  return found;
}

/** `product rule (d_mul)`, `d_sum`. */
const nameOf = (text) => text.match(/\(([^()\s]+)\)$/)?.[1] ?? text;

export function element(name, className = '', text = '') {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(text);
  return made;
}

/** A text to be copied. */
export function copied(text) {
  const button = element('button', '', 'Copy');
  button.type = 'button';
  const pre = element('pre', '', text);
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = 'Copied';
    } catch {
      getSelection().selectAllChildren(pre);
      button.textContent = 'Selected: copy with the keyboard';
    }
    setTimeout(() => { button.textContent = 'Copy'; }, 2000);
  });
  return [button, pre];
}

/** The verdict on a claim. */
export function verdict({ verdict: word, html }) {
  const content = formulas(html);
  const first = content.querySelector('.gradus > p');
  first?.classList.add('verdict', word.replace(' ', '-'));
  return content;
}
