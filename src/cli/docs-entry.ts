/** What `docs/` and `schema/` are generated from; bundled beside the program, so that the script needs no compiler. */
export { configJsonSchema } from '../config/known-keys.ts';
export { ERRORS } from '../errors/catalogue.ts';
export { COMMANDS } from './commands.ts';
export { buildProgram } from './program.ts';
