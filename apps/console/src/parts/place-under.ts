const GAP_PX = 4;

/** Places a floating element under its anchor, within the window. */
export function placeUnder(anchor: HTMLElement, floating: HTMLElement): void {
  const { left, bottom, top } = anchor.getBoundingClientRect();
  const { offsetWidth, offsetHeight, style } = floating;
  const below = bottom + GAP_PX;
  style.left = `${Math.max(GAP_PX, Math.min(left, document.documentElement.clientWidth - offsetWidth - GAP_PX))}px`;
  style.top = `${below + offsetHeight <= innerHeight ? below : top - GAP_PX - offsetHeight}px`;
}
