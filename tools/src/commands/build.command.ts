import type { Lifetime } from '../processes/lifetime.ts';
import { build } from '../services/build.ts';

/** `npm run build`: every app and library to its `dist`. */
export async function run(_args: string[], lifetime: Lifetime): Promise<number> {
  await build(lifetime, console.log);
  return 0;
}
