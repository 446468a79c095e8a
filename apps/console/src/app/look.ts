// The colours of the console. Their contrast was measured: at least 4.5:1 for text and 3:1 for marks, on white and on
// #15181d.

export type Scheme = 'light' | 'dark';

const LIGHT = {
  surface: '#ffffff',
  raised: '#f6f7f9',
  line: '#dde1e7',
  field: '#7f8a9b',
  text: '#1c2430',
  muted: '#586274',
  primary: '#1d56c9',
  'on-primary': '#ffffff',
  ok: '#16733a',
  warn: '#8f5400',
  bad: '#b42318',
  push: '#7a869a',
  claim: '#2f6fe0',
  redeem: '#0b7a6f',
  locked: '#b25e09',
  retired: '#6b7280',
  offered: '#7c4dcc',
  selected: '#e8effc',
};

const DARK: Look = {
  surface: '#15181d',
  raised: '#1c2027',
  line: '#2f3540',
  field: '#7a8494',
  text: '#e6e9ee',
  muted: '#9aa4b2',
  primary: '#7aa7ff',
  'on-primary': '#0e1420',
  ok: '#5cc98a',
  warn: '#e0a84a',
  bad: '#ff8a7a',
  push: '#8b96a8',
  claim: '#6b9cff',
  redeem: '#35b8a6',
  locked: '#e0a84a',
  retired: '#a0a7b4',
  offered: '#b79cff',
  selected: '#1f2c47',
};

/** The colours of a scheme, as `#rrggbb`. Style sheets use them as `var(--text)`. */
export type Look = Record<keyof typeof LIGHT, string>;

export const LOOKS: Readonly<Record<Scheme, Look>> = { light: LIGHT, dark: DARK };

/** Sets the style sheets' variables to a scheme's colours. */
export function paint(scheme: Scheme): void {
  const { style } = document.documentElement;
  style.colorScheme = scheme;
  for (const [name, colour] of Object.entries(LOOKS[scheme])) style.setProperty(`--${name}`, colour);
}
