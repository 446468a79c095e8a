// Text that breaks pages which take it for anything else: markup, quotes, right-to-left overrides, emoji.

/** As short as it can be; `window.hacked` would tell. */
export const HOSTILE = `<img src=x onerror="hacked=1"><script>hacked=1</script>'"&amp;{{7*7}}$t(frame.signOut)\u202eשלום عربى👩‍👩‍👧‍👦`;

/** The same, filled up to a length by what does not wrap. Unit: characters, as a field counts them. */
export const hostileText = (length: number): string => {
  const missing = length - HOSTILE.length;
  return HOSTILE + 'W'.repeat(missing);
};
