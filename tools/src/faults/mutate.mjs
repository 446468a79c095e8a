// Loaded into a service before anything else (--import). Replaces one expression of its code, as MUTATION says.
import { registerHooks } from 'node:module';

const { file, find, replace } = JSON.parse(process.env.MUTATION);

registerHooks({
  load(url, context, next) {
    const loaded = next(url, context);
    if (!url.endsWith(file)) return loaded;
    const parts = String(loaded.source).split(find);
    if (parts.length !== 2) {
      console.error(`cannot mutate ${file}: ${JSON.stringify(find)} is there ${parts.length - 1} times`);
      process.exit(70);
    }
    console.error(`mutated: ${file}`);
    return { ...loaded, source: parts.join(replace) };
  },
});
