import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Config } from '../config/config.ts';
import { counted } from '../domain/count.ts';
import { fileSource } from '../domain/dataset.ts';
import type { Finding } from '../domain/finding.ts';
import { limitMet } from '../domain/limits.ts';
import { shownText } from '../domain/shown-text.ts';
import type { LandedFile } from '../lake/landed.ts';
import { READABLE } from '../readers/open-source.ts';
import { controlledDataset } from './control-file.ts';
import { type NameVerdict, nearestPattern } from './match-dataset.ts';
import { nameAdvice } from './name-advice.ts';

/** A finding about the file as a whole. */
export function fileFinding(
  file: LandedFile,
  dataset: string | null,
  about: Pick<Finding, 'code' | 'message' | 'fix'> & Partial<Finding>,
): Finding {
  return {
    severity: 'error',
    dataset,
    file: file.path,
    sheet: null,
    cell: null,
    row: null,
    field: null,
    value: null,
    ...about,
  };
}

/** Why a name is not that of a delivery; null where it names exactly one. */
export function nameFinding(config: Config, file: LandedFile, verdict: NameVerdict): Finding | null {
  const name = `'${shownText(file.name)}'`;
  if (verdict.kind === 'one') return null;
  if (verdict.kind === 'several') {
    const patterns = verdict.datasets
      .map((one) => `'${one.name}' (${fileSource(one).filename.source})`)
      .join(' and ');
    return fileFinding(file, null, {
      code: 'ambiguous-file-name',
      message: `${name} fits the file names of several datasets: ${patterns}.`,
      fix: 'Change the `filename` of one of them, so that each name fits one dataset.',
    });
  }
  if (verdict.kind === 'impossible-period') {
    const { dataset, match } = verdict;
    return fileFinding(file, dataset.name, {
      code: 'impossible-period',
      value: match.periodText,
      message: `${name} names the period '${match.periodText}', and there is no such ${dataset.periodKind}.`,
      fix: 'Rename the file with the right period.',
    });
  }
  const controlled = controlledDataset(config, file.name);
  if (controlled !== null) {
    return fileFinding(file, controlled.name, {
      code: 'unknown-file-name',
      message: `${name} is a control file; it is read with the delivery of '${controlled.name}' beside it.`,
      fix: 'Leave it where it is, and take in the delivery.',
    });
  }
  const nearest = nearestPattern(config, file.name);
  const hint = nearest
    ? ` The nearest is '${fileSource(nearest.dataset).filename.source}' of dataset '${nearest.dataset.name}'.`
    : '';
  return fileFinding(file, null, {
    code: 'unknown-file-name',
    message: `${name} fits the file name of no dataset.${hint}`,
    fix: nearest ? nearestFix(nearest, file) : 'Add a dataset for it.',
  });
}

function nearestFix(nearest: NonNullable<ReturnType<typeof nearestPattern>>, file: LandedFile): string {
  const taken = (name: string) => existsSync(join(dirname(file.absolute), name));
  const advice = nameAdvice(nearest.dataset, file.name, taken);
  if (!nearest.far) return advice;
  return `If it is a delivery of '${nearest.dataset.name}': ${advice.charAt(0).toLowerCase()}${advice.slice(1)} Else add a dataset for it.`;
}

/** Why an entry of the folder cannot be read at all; null where it is a plain file within the limits. */
export function entryFinding(config: Config, file: LandedFile, dataset: string | null): Finding | null {
  const name = `'${shownText(file.name)}'`;
  const about = (code: string, message: string, fix: string) =>
    fileFinding(file, dataset, { code, message, fix });
  if (file.kind === 'link-outside') {
    const why = `${name} is a link that leads out of the landed folder; links are not followed there.`;
    return about('out-of-landed', why, 'Copy the file itself into data/landed.');
  }
  if (file.kind === 'link-broken') {
    return about(
      'file-unreadable',
      `${name} is a link that leads nowhere.`,
      'Copy the file itself into data/landed.',
    );
  }
  if (file.kind === 'not-a-file') {
    return about('file-unreadable', `${name} is not a file.`, `Put a file there: ${READABLE}.`);
  }
  if (Buffer.byteLength(file.name) > config.limits.name_bytes) {
    return about(
      'limit-exceeded',
      `${name}: the name is too long; ${limitMet('name_bytes', config.limits)}`,
      'Give it a shorter name.',
    );
  }
  if (file.bytes > config.limits.file_bytes) {
    const why = `${name} has ${counted(file.bytes, 'byte')}; ${limitMet('file_bytes', config.limits)}`;
    return about('limit-exceeded', why, 'Split the file, or raise limits.file_bytes in datasets_config.yml.');
  }
  return null;
}
