import { parseArgs, type ParseArgsConfig } from 'node:util';
import { Hint } from './hint.ts';

/**
 * Reads a command's arguments. Without options and positionals in the config, the command takes none.
 * @param usage how the command is called; it is shown with the error
 * @throws Hint if an argument is unknown or lacks its value
 */
export function argumentsOf<Config extends ParseArgsConfig>(
  config: Config,
  usage: string,
): ReturnType<typeof parseArgs<Config>> {
  try {
    return parseArgs(config);
  } catch (error) {
    throw new Hint(`${(error as Error).message}\nusage: ${usage}`);
  }
}
