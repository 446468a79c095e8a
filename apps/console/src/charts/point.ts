/** A point of a chart over time. Its other fields are counts. */
export interface Point {
  /** Unix milliseconds. */
  time: number;
}
