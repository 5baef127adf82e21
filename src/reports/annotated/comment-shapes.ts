import type { Annotation } from './annotation.ts';

/** Shapes are numbered in blocks, and a sheet names the blocks it uses. */
const BLOCK = 1024;

const NEW = `<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data=""/></o:shapelayout></xml>`;

/**
 * The shapes in which Excel shows comments, after those that a sheet already has. The part is not strict XML and is not
 * parsed: shapes are inserted before its end, and the blocks of their numbers into its list. @param usedBlocks Blocks
 * that any sheet of the workbook uses.
 */
export function withShapes(
  old: string | null,
  annotations: readonly Annotation[],
  usedBlocks: readonly number[],
): string {
  const text = old ?? NEW;
  const end = /<\/(?:[^\s<>:]+:)?xml\s*>\s*$/i.exec(text)?.index;
  if (end === undefined) throw new Error('the shapes of the sheet cannot be added to');
  const first = Math.max(0, ...usedBlocks) + 1;
  const blocks = Array.from({ length: Math.ceil(annotations.length / (BLOCK - 1)) }, (_, i) => first + i);
  const shapes = annotations.map((one, i) => {
    const number = (first + Math.floor(i / (BLOCK - 1))) * BLOCK + 1 + (i % (BLOCK - 1));
    return shape(number, one);
  });
  const type = `<v:shapetype ${SPACES} id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>`;
  const added = (text.includes('_x0000_t202"') ? '' : type) + shapes.join('');
  const listed = text
    .slice(0, end)
    .replace(
      /(<o:idmap\b[^>]*\bdata=")([^"]*)"/,
      (_, start: string, data: string) => `${start}${[...(data === '' ? [] : [data]), ...blocks].join(',')}"`,
    );
  return `${listed}${added}${text.slice(end)}`;
}

/** The blocks of shape numbers a part uses. */
export function usedBlocks(vml: string): number[] {
  const listed = [...vml.matchAll(/\bdata\s*=\s*["']([\d,\s]*)["']/g)].flatMap((found) =>
    (found[1] ?? '').split(',').map(Number),
  );
  const taken = [...vml.matchAll(/_x0000_s(\d+)/g)].map((found) => Math.floor(Number(found[1]) / BLOCK));
  return [...listed, ...taken].filter((block) => Number.isSafeInteger(block) && block < 1_000_000);
}

/** Declared on each shape, because the part may bind these prefixes in another way. */
const SPACES =
  'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel"';

function shape(number: number, { column, row }: Annotation): string {
  const lines = 6;
  const anchor = [column + 1, 15, Math.max(0, row - 2), 10, column + 4, 15, Math.max(0, row - 2) + lines, 4];
  return `<v:shape ${SPACES} id="_x0000_s${number}" type="#_x0000_t202" style="position:absolute;margin-left:60pt;margin-top:1.5pt;width:190pt;height:90pt;z-index:1;visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox><x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>${anchor.join(', ')}</x:Anchor><x:AutoFill>False</x:AutoFill><x:Row>${row - 1}</x:Row><x:Column>${column}</x:Column></x:ClientData></v:shape>`;
}
