// Tabs as the patterns of ARIA have them: one of them is a stop of the tab key, the arrows go from one to the next.
import { element } from './results.js';

export class Tabs {
  #buttons;
  #panel;

  /** `tabs` are pairs of a name and a title. */
  constructor(root, panel, tabs, chosen) {
    this.#panel = panel;
    this.#buttons = tabs.map(([name, title]) => {
      const button = element('button', '', title);
      Object.assign(button, { type: 'button', role: 'tab', id: `tab-${name}` });
      button.setAttribute('aria-controls', panel.id);
      button.addEventListener('click', () => chosen(name));
      return button;
    });
    root.append(...this.#buttons);
    root.addEventListener('keydown', (event) => this.#key(event, chosen));
  }

  show(name) {
    for (const button of this.#buttons) {
      const own = button.id === `tab-${name}`;
      button.setAttribute('aria-selected', String(own));
      button.tabIndex = own ? 0 : -1;
    }
    this.#panel.setAttribute('aria-labelledby', `tab-${name}`);
  }

  #key(event, chosen) {
    const at = this.#buttons.indexOf(document.activeElement);
    const last = this.#buttons.length - 1;
    const to = { ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at === 0 ? last : at - 1, Home: 0, End: last }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    this.#buttons[to].focus();
    chosen(this.#buttons[to].id.slice('tab-'.length));
  }
}
