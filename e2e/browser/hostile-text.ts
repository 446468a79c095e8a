// Text that breaks pages which treat it as anything but text: markup, quotes, right-to-left overrides, emoji.

/** As short as possible. If its script runs, `window.hacked` is set. */
export const HOSTILE = `<img src=x onerror="hacked=1"><script>hacked=1</script>'"&amp;{{7*7}}$t(frame.signOut)\u202eשלום عربى👩‍👩‍👧‍👦`;

/** The same text, extended to a length without a place to wrap. Unit: characters, as a field counts them. */
export const hostileText = (length: number): string => {
  const missing = length - HOSTILE.length;
  return HOSTILE + 'W'.repeat(missing);
};
