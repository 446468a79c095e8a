// A custom element that renders itself with lit-html after a change. It has what the widget needs of LitElement, which
// would be 2 kB more for each page.
import { render, type TemplateResult } from 'lit/html.js';

export abstract class RenderedElement extends HTMLElement {
  protected hasUpdated = false;
  readonly #values = new Map<string, unknown>();
  #changed = new Set<string>();
  #isPending = false;

  /** Defines properties whose change renders the element again. */
  protected static watch(names: readonly string[]): void {
    for (const name of names)
      Object.defineProperty(this.prototype, name, {
        get(this: RenderedElement) {
          return this.#values.get(name);
        },
        set(this: RenderedElement, value: unknown) {
          if (Object.is(value, this.#values.get(name))) return;
          this.#values.set(name, value);
          this.#changed.add(name);
          this.requestUpdate();
        },
      });
  }

  /** Takes over what a page set before this script was loaded. It hides the property of the same name. */
  protected takeOver(names: readonly string[]): void {
    for (const name of names) {
      const own = Object.getOwnPropertyDescriptor(this, name);
      if (!own || !Reflect.deleteProperty(this, name)) continue;
      Object.assign(this, { [name]: own.value as unknown });
    }
  }

  protected connect(style: CSSStyleSheet): void {
    if (!this.shadowRoot) this.attachShadow({ mode: 'open' }).adoptedStyleSheets = [style];
    this.requestUpdate();
  }

  /** Renders after the code that runs now, once for several changes. */
  protected requestUpdate(): void {
    if (this.#isPending || !this.shadowRoot) return;
    this.#isPending = true;
    queueMicrotask(() => this.#update());
  }

  protected abstract willUpdate(changed: ReadonlySet<string>): void;
  protected abstract render(): TemplateResult;
  protected abstract updated(): void;

  #update(): void {
    const changed = this.#changed;
    this.#changed = new Set();
    try {
      this.willUpdate(changed);
      render(this.render(), this.shadowRoot!);
      this.hasUpdated = true;
    } finally {
      this.#isPending = false;
    }
    this.updated();
  }
}
