// A text field in which places are underlined and names completed. The field is the browser's own, so undo, touch and
// screen readers work as everywhere; what is underlined lies behind it.
import { ATTRIBUTES, FUNCTIONS, namesOf } from './words.js';

const MOST = 8;

export class Editor {
  #field;
  #behind;
  #list;
  #places = [];
  #offered = null;

  constructor(root, changed) {
    this.#field = root.querySelector('textarea');
    this.#behind = root.querySelector('.backdrop');
    this.#list = root.querySelector('[role=listbox]');
    this.#field.addEventListener('input', (event) => {
      this.#places = [];
      this.#drawn();
      this.#offer(event.inputType === 'insertText');
      changed();
    });
    this.#field.addEventListener('keydown', (event) => this.#key(event));
    this.#field.addEventListener('blur', () => this.#close());
    this.#list.addEventListener('pointerdown', (event) => {
      event.preventDefault();
      const at = [...this.#list.children].indexOf(event.target);
      if (at >= 0) this.#accept(this.#offered.words[at]);
    });
    new ResizeObserver(() => this.#fitted()).observe(root);
  }

  get text() {
    return this.#field.value;
  }

  set text(text) {
    this.#field.value = text;
    this.#places = [];
    this.#close();
    this.#drawn();
  }

  /** Underlines places, pairs of offsets. */
  underline(places) {
    this.#places = places;
    this.#field.setAttribute('aria-invalid', String(places.length > 0));
    this.#drawn();
  }

  select([start, end]) {
    this.#field.focus();
    this.#field.setSelectionRange(start, end);
  }

  /** Writes over a place, so that it can be undone. */
  write([start, end], text) {
    this.#field.focus();
    this.#field.setSelectionRange(start, end);
    if (!document.execCommand('insertText', false, text)) {
      this.#field.setRangeText(text, start, end, 'end');
      this.#field.dispatchEvent(new Event('input', { bubbles: true }));
    }
  }

  #fitted() {
    this.#field.style.height = 'auto';
    this.#field.style.height = `${this.#field.scrollHeight + 2}px`;
  }

  #drawn() {
    this.#behind.replaceChildren(...pieces(this.text, this.#places));
    this.#fitted();
  }

  #key(event) {
    if (!this.#offered) return;
    const { words, at } = this.#offered;
    const moves = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in moves) {
      this.#choose((at + moves[event.key] + words.length + (at < 0 && moves[event.key] < 0)) % words.length);
    } else if (event.key === 'Escape') {
      this.#close();
    } else if (event.key === 'Tab' && !event.shiftKey) {
      this.#accept(words[Math.max(at, 0)]);
    } else if (event.key === 'Enter' && at >= 0) {
      this.#accept(words[at]);
    } else {
      return;
    }
    event.preventDefault();
  }

  /** Completions of the word before the cursor, where one is being typed. */
  #offer(typed) {
    const before = this.text.slice(0, this.#field.selectionStart);
    const word = before.match(/[\p{L}][\p{L}\p{N}_]*$/u)?.[0] ?? '';
    const elsewhere = this.text.slice(0, before.length - word.length) + ' ' + this.text.slice(before.length);
    const declares = /(^|[;\n])[^=;\n]*:[^=;\n]*$/.test(before);
    const known = [...namesOf(elsewhere), ...(declares ? ATTRIBUTES : FUNCTIONS)];
    const words = [...new Set(known)].filter((w) => w.startsWith(word) && w !== word).slice(0, MOST);
    if (!typed || word.length < 2 || words.length === 0) return this.#close();
    this.#offered = { words, at: -1, start: before.length - word.length };
    this.#list.replaceChildren(...words.map((w, i) => option(w, i)));
    this.#place(before.length - word.length);
    this.#list.hidden = false;
  }

  /** The list stands below the word. */
  #place(start) {
    const mark = document.createElement('span');
    mark.textContent = '\u200b';
    this.#behind.replaceChildren(this.text.slice(0, start), mark, this.text.slice(start));
    const [own, all] = [mark.getBoundingClientRect(), this.#behind.getBoundingClientRect()];
    this.#list.style.top = `${own.bottom - all.top + 2}px`;
    this.#list.style.left = `${Math.max(0, Math.min(own.left - all.left, all.width - 200))}px`;
    this.#drawn();
  }

  #choose(at) {
    this.#offered.at = at;
    [...this.#list.children].forEach((one, i) => one.setAttribute('aria-selected', String(i === at)));
    this.#list.children[at].scrollIntoView({ block: 'nearest' });
    this.#field.setAttribute('aria-activedescendant', this.#list.children[at].id);
  }

  #accept(word) {
    const { start } = this.#offered;
    const end = this.#field.selectionStart;
    this.#close();
    // what is typed already stays, so that undoing takes away the rest alone
    this.write([end, end], word.slice(end - start));
  }

  #close() {
    this.#offered = null;
    this.#list.hidden = true;
    this.#list.replaceChildren();
    this.#field.removeAttribute('aria-activedescendant');
  }
}

function option(word, i) {
  const item = document.createElement('li');
  item.role = 'option';
  item.id = `completion-${i}`;
  item.textContent = word;
  item.setAttribute('aria-selected', 'false');
  return item;
}

/** The text with its places marked; where two overlap the first one counts. */
function pieces(text, places) {
  const out = [];
  let at = 0;
  for (const [start, end] of places.toSorted((a, b) => a[0] - b[0])) {
    if (start < at) continue;
    const mark = document.createElement('mark');
    // an empty place, such as the end of the text, is seen too
    mark.textContent = text.slice(start, end).trim() ? text.slice(start, end) : ' ';
    out.push(text.slice(at, start), mark);
    at = Math.max(end, start);
  }
  out.push(`${text.slice(at)}\n`);
  return out;
}
