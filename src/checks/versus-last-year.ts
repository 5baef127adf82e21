import { yearBefore } from '../domain/period.ts';
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
  'versus-last-year': CHANGE_WORDING,
  'versus-last-year.masked': MASKED_CHANGE_WORDING,
});

/** Measures of the accepted rows against the same month, quarter or year one year before. */
export const versusLastYear = fileCheck({
  kind: 'versus_last_year',
  about: 'deliveries',
  keys: {
    versus_last_year: changes
      .optional()
      .describe(`${MEASURES}, against the same month, quarter or year one year before.`),
  },
  resolve: (written, place) => ({
    measures: resolveChanges('versus_last_year', written.versus_last_year ?? {}, place),
  }),
  needs: ({ measures }) => ({ lastYear: { measures: measures.map(({ measure }) => measure) } }),
  async make(env, check, accepted) {
    const { lastYear } = env.basis;
    if (lastYear !== null) {
      const words = { shown: WORDINGS['versus-last-year'], masked: WORDINGS['versus-last-year.masked'] };
      await compareMeasures(env, check, lastYear, accepted, words);
      return;
    }
    const period = yearBefore(env.basis.period);
    notMade(env, check, period === null ? 'the dataset has no periods' : `${period.text} is not loaded`);
  },
  sentence: () => 'Rows and sums are near those of the same period last year.',
  wordings: WORDINGS,
  findings: [
    {
      code: 'versus-last-year',
      title: 'The file differs too much from the same period of last year',
      meaning:
        'Rows, sums and other measures are compared with the same month, quarter or year one year before, of the same slice.',
      example: 'A third of the income of June last year.',
      cure: 'Check that the export is complete. If the change is real, ask for the check to be widened.',
      config: '{name: as_last_year, versus_last_year: {avg(income): {max_drop: 10%, max_rise: 10%}}}',
    },
  ],
  examples: {
    '': { versus_last_year: 'versus_last_year: {rows: {max_drop: 20%}}' },
    'versus_last_year.<name>': CHANGE_EXAMPLES,
  },
});
