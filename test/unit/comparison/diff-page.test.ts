import { describe, expect, it } from 'vitest';
import { renderDiffHtml } from '../../../src/comparison/diff-page.ts';
import { comparison } from './comparison-for-test.ts';

const page = renderDiffHtml([comparison()], { fingerprint: 'abc123', version: '1.0' });

describe('the page of a diff', () => {
  it('is one file without scripts or anything from outside, every cell escaped', () => {
    expect(page).not.toMatch(/<script|<b>People|\son\w+=|https?:|src=|@import|url\(/i);
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(page).not.toMatch(/[\u001b\u202e]/);
    expect(page).toContain("default-src 'none'");
  });

  it('has the verdict before the columns, the columns before the cells, and the fingerprint', () => {
    const order = [
      'There are differences',
      'Columns that differ in kind',
      'Changed columns',
      'The same change',
      'By region',
      'Changed cells',
      'Added, removed',
    ];
    const places = order.map((text) => page.indexOf(text));
    expect(places.every((place) => place > 0)).toBe(true);
    expect([...places].sort((a, b) => a - b)).toEqual(places);
    expect(page).toContain('<code>abc123</code>');
    expect(page).toContain('41.24%');
    expect(page).toContain('And 410 more cells.');
  });

  it('says so where nothing differs, and shows every slice under its own heading', () => {
    const counts = { ...comparison().counts, added: 0, modified: 0, removed: 0, cells: 0 };
    const same = comparison({
      counts,
      schema_changes: [],
      key_problems: [],
      columns: [],
      patterns: [],
      cells: [],
      rows: [],
      by: [],
    });
    expect(renderDiffHtml([same], { fingerprint: 'x', version: '1' })).toContain(
      '<strong>No difference.</strong>',
    );
    const two = renderDiffHtml([same, comparison({ slice: 'board=OCR' })], {
      fingerprint: 'x',
      version: '1',
    });
    expect(two).toMatch(/<h2>[^<]*board A&amp;Q<\/h2>.*<h2>[^<]*board OCR<\/h2>/s);
  });
});
