import { fileCheck } from './check-module.ts';
import {
  CHANGE_EXAMPLES,
  CHANGE_WORDING,
  changes,
  compareMeasures,
  MASKED_CHANGE_WORDING,
  resolveChanges,
} from './compare-measures.ts';
import { MEASURES } from './measure-written.ts';
import { notMade } from './table-finding.ts';
import { wordings } from './wording.ts';

const WORDINGS = wordings({
  'versus-previous': CHANGE_WORDING,
  'versus-previous.masked': MASKED_CHANGE_WORDING,
});

/** Measures of the accepted rows against the nearest earlier period that is loaded. */
export const versusPrevious = fileCheck({
  kind: 'versus_previous',
  about: 'deliveries',
  keys: {
    versus_previous: changes.optional().describe(`${MEASURES}, against the nearest earlier period loaded.`),
  },
  resolve: (written, place) => ({
    measures: resolveChanges('versus_previous', written.versus_previous ?? {}, place),
  }),
  needs: ({ measures }) => ({
    previous: { measures: measures.map(({ measure }) => measure), rows: false },
  }),
  async make(env, check, accepted) {
    const { previous } = env.basis;
    const words = { shown: WORDINGS['versus-previous'], masked: WORDINGS['versus-previous.masked'] };
    if (previous === null) notMade(env, check, 'no earlier period is loaded');
    else await compareMeasures(env, check, previous, accepted, words);
  },
  sentence: () => 'Rows and sums are near those of the period before.',
  wordings: WORDINGS,
  findings: [
    {
      code: 'versus-previous',
      title: 'The file differs too much from the period before',
      meaning:
        'Rows, sums and other measures are compared with the nearest earlier period that is loaded, of the same slice.',
      example: 'Half as many rows as in May.',
      cure: 'Check that the export is complete. If the change is real, ask for the check to be widened.',
      config:
        '{name: steady, versus_previous: {rows: {max_drop: 20%}, sum(income): {max_drop: 30%, max_rise: 50%}}}',
    },
  ],
  examples: {
    '': { versus_previous: 'versus_previous: {rows: {max_drop: 20%}, sum(amount): {max_rise: 40%}}' },
    'versus_previous.<name>': CHANGE_EXAMPLES,
  },
});
