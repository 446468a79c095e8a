// Timers and the states of the browser.

/** Runs the function later. @returns a function that cancels it */
export function after(ms: number, run: () => void): () => void {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
}
export const online = (): boolean => navigator.onLine;
export const visible = (): boolean => document.visibilityState === 'visible';
