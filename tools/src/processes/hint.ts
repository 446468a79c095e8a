/** An error that the person at the terminal can correct. It is shown as one line, without a stack. */
export class Hint extends Error {
  override readonly name = 'Hint';
}
