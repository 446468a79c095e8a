/**
 * The first `most` characters of a text, counted in code points like in the services. The `maxLength` of an input
 * counts UTF-16 units, and an emoji has two.
 */
export function atMost(most: number, text: string): string {
  return text.length <= most ? text : [...text].slice(0, most).join('');
}
