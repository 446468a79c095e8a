/**
 * The beginning of a text: at most `most` characters, counted in code points, as the services count. An input's own
 * `maxLength` counts UTF-16 units, of which an emoji has two.
 */
export function atMost(most: number, text: string): string {
  return text.length <= most ? text : [...text].slice(0, most).join('');
}
