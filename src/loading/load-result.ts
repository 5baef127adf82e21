import { counted, grouped } from '../domain/count.ts';
import { type StepResult, stepResult } from '../domain/result.ts';
import { joinWords, options, words } from '../errors/advice.ts';
import type { Chosen } from './choose-delivery.ts';

function about({ target, validation }: Chosen) {
  const { dataset, period, slice } = target;
  return { step: 'load-stage', dataset, period, slice: slice || null, fileId: validation.fileId };
}

/** The rows of a delivery are in stage already. */
export function alreadyThere(chosen: Chosen, rows: number): StepResult {
  return stepResult({
    ...about(chosen),
    status: 'skipped',
    rows: { deleted: 0, inserted: 0 },
    message: `Already there: ${counted(rows, 'row')}; nothing to do.`,
  });
}

/** Void corrections that a message names. */
const NAMED = 5;

/** What a load came to; `overlay` is null where no corrections are laid over its rows. */
export function loadedResult(
  chosen: Chosen,
  rows: { readonly deleted: number; readonly inserted: number },
  overlay: { readonly corrected: number; readonly void: readonly number[] } | null,
  did: 'Loaded' | 'Would load',
): StepResult {
  const { dataset, period } = chosen.target;
  const instead = rows.deleted > 0 ? `, in place of ${grouped(rows.deleted)}` : '';
  const corrected = overlay?.corrected ?? 0;
  const idle = overlay?.void ?? [];
  const more = idle.length - NAMED;
  return stepResult({
    ...about(chosen),
    status: 'done',
    rows: { ...rows, corrected },
    ...(overlay === null ? {} : { findings: { error: 0, warning: idle.length, info: 0 } }),
    message: joinWords(
      [
        `${did} ${counted(rows.inserted, 'row')} into stage.${dataset} for ${period}${instead}${
          corrected > 0 ? `; ${grouped(corrected)} of them corrected` : ''
        }.`,
        ...idle
          .slice(0, NAMED)
          .map((id) => `Correction ${id} is void: its row no longer holds the expected value.`),
        ...(more > 0
          ? [
              words`${counted(more, 'more correction is', 'more corrections are')} void; see \`correct ${options({ list: true })}\`.`,
            ]
          : []),
      ],
      ' ',
    ),
  });
}
