import { expect, test } from 'vitest';
import { cellsIn } from './tiny-workbook.ts';

const values = (...cells: readonly string[]): string => `<row r="1">${cells.join('')}</row>`;

test('a shared, an inline and a formula string are text, also when they look like numbers', async () => {
  const cells = await cellsIn({
    rows: values(
      '<c r="A1" t="s"><v>1</v></c>',
      '<c r="B1" t="inlineStr"><is><t>007</t></is></c>',
      '<c r="C1" t="str"><f>A1</f><v>1E5</v></c>',
    ),
    strings: '<si><t>zero</t></si><si><t>12.50</t></si>',
  });
  expect(cells).toEqual({ A1: 's:12.50', B1: 's:007', C1: 's:1E5' });
});

test('rich text is joined and phonetic text left out', async () => {
  const rich =
    '<r><rPr><b/></rPr><t xml:space="preserve">Am </t></r><r><t>Stadt</t></r><rPh sb="0" eb="1"><t>PHON</t></rPh><phoneticPr fontId="1"/>';
  const cells = await cellsIn({
    rows: values('<c r="A1" t="s"><v>0</v></c>', `<c r="B1" t="inlineStr"><is>${rich}</is></c>`),
    strings: `<si>${rich}</si>`,
  });
  expect(cells).toEqual({ A1: 's:Am Stadt', B1: 's:Am Stadt' });
});

test('empty shared strings are blank cells', async () => {
  const cells = await cellsIn({
    rows: values('<c t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="s"><v>2</v></c><c t="s"><v>3</v></c>'),
    strings: '<si/><si><t/></si><si><t></t></si><si><t>x</t></si>',
  });
  expect(cells).toEqual({ D1: 's:x' });
});

test('white space around a text counts under xml:space="preserve" only, and never that between elements', async () => {
  const cells = await cellsIn({
    rows: values(
      '<c r="A1" t="inlineStr">\n  <is>\n <t xml:space="preserve">  a  b </t>\n </is>\n</c>',
      '<c r="B1" t="inlineStr"><is><t> a  b\n</t></is></c>',
    ),
  });
  expect(cells).toEqual({ A1: 's:  a  b ', B1: 's:a  b' });
});

test('characters escaped as _xHHHH_ come back, escaped escapes stay, half a surrogate pair stays as written', async () => {
  const text = (value: string): string => `<c t="inlineStr"><is><t>${value}</t></is></c>`;
  const cells = await cellsIn({
    rows: values(
      text('a_x000D_b'),
      text('_x005F_x000D_'),
      text('_xD83D__xDE00_'),
      text('_xD83D_'),
      text('x_y'),
    ),
  });
  expect(cells).toEqual({ A1: 's:a\rb', B1: 's:_x000D_', C1: 's:😀', D1: 's:_xD83D_', E1: 's:x_y' });
});

test('CDATA, comments, references and line ends are read as XML says', async () => {
  const cells = await cellsIn({
    rows: values(
      '<c t="inlineStr"><is><t>a<![CDATA[<b> & ]]>c</t></is></c>',
      '<c t="inlineStr"><is><t>&lt;&amp;&gt;&quot;&apos;&#228;&#x1F600;</t></is></c>',
      '<c><v>12<!-- split -->34</v></c>',
      '<c><v><![CDATA[5.5]]></v></c>',
      '<c t="s"><v><![CDATA[0]]></v></c>',
      '<c t="inlineStr"><is><t>a\r\nb\rc&#13;d</t></is></c>',
    ),
    strings: '<si><t>sh<![CDATA[ar]]>ed</t></si>',
  });
  expect(cells).toEqual({
    A1: 's:a<b> & c',
    B1: 's:<&>"\'ä😀',
    C1: 'n:1234',
    D1: 'n:5.5',
    E1: 's:shared',
    F1: 's:a\nb\nc\rd',
  });
});

test('booleans, errors and ISO dates keep their kind', async () => {
  const cells = await cellsIn({
    rows: values(
      '<c t="b"><v>1</v></c><c t="b"><v>0</v></c><c t="b"><f>A1</f><v>false</v></c>',
      '<c t="e"><v>#N/A</v></c><c t="e"><f>1/0</f><v>#DIV/0!</v></c>',
      '<c t="d"><v>2024-02-29</v></c><c t="d"><v>2024-02-29T10:20:30.600</v></c><c t="d"><v>2024-02-29T00:00:00Z</v></c>',
      '<c t="d"><v>2024-02-30</v></c><c t="d"><v>10:20:30</v></c>',
    ),
  });
  expect(cells).toEqual({
    A1: 'b:TRUE',
    B1: 'b:FALSE',
    C1: 'b:FALSE',
    D1: 'e:#N/A',
    E1: 'e:#DIV/0!',
    F1: 'd:2024-02-29',
    G1: 'd:2024-02-29T10:20:30.600',
    H1: 'd:2024-02-29',
    I1: 'e:#DATE',
    J1: 't:10:20:30',
  });
});

test('formula results 0, false and empty text are values; a formula without a result is an error', async () => {
  const cells = await cellsIn({
    rows: values(
      '<c><f>1-1</f><v>0</v></c><c t="b"><f>1=2</f><v>0</v></c><c t="str"><f>""</f><v></v></c>',
      '<c><f>NOW()</f></c><c><f>A1</f><v></v></c><c><f>A1</f><v/></c><c><f t="shared" si="0"/></c><c t="str"><f>A1</f></c>',
    ),
  });
  expect(cells).toEqual({
    A1: 'n:0',
    B1: 'b:FALSE',
    D1: 'e:#FORMULA',
    E1: 'e:#FORMULA',
    F1: 'e:#FORMULA',
    G1: 'e:#FORMULA',
    H1: 'e:#FORMULA',
  });
});

test('numbers come in their shortest text without an exponent', async () => {
  const shown = {
    '0.1': '0.1',
    '0.30000000000000004': '0.30000000000000004',
    '1E-7': '0.0000001',
    '1.5E-10': '0.00000000015',
    '9007199254740992': '9007199254740992',
    '123456789012345': '123456789012345',
    '1E5': '100000',
    '1E+20': '100000000000000000000',
    '1e21': '1000000000000000000000',
    '1.5e300': '1.5e+300',
    '5.0': '5',
    '0.50': '0.5',
    '-0': '0',
    '-0.5': '-0.5',
    '007': '7',
    '.5': '0.5',
    '+3': '3',
    '4.2999999999999998': '4.3',
    '100': '100',
    ' 6 ': '6',
  };
  for (const [stored, text] of Object.entries(shown)) {
    expect(await cellsIn({ rows: values(`<c><v>${stored}</v></c>`) }), stored).toEqual({ A1: `n:${text}` });
  }
});

test('what is stored as a number and is none becomes an error cell', async () => {
  const cells = await cellsIn({
    rows: values('<c><v>NaN</v></c><c><v>1,5</v></c><c><v>1e999</v></c><c t="b"><v>yes</v></c>'),
  });
  expect(cells).toEqual({ A1: 'e:NaN', B1: 'e:1,5', C1: 'e:1e999', D1: 'e:yes' });
});

test('percent, currency and scientific formats give the number', async () => {
  const cells = await cellsIn({
    rows: values(
      '<c s="1"><v>0.125</v></c><c s="2"><v>1234.5</v></c><c s="3"><v>1234.5</v></c><c s="4"><v>7</v></c>',
    ),
    formats: ['0.00%', '[$€-407] #,##0.00', '0.00E+00', '"day "0'],
  });
  expect(cells).toEqual({ A1: 'n:0.125', B1: 'n:1234.5', C1: 'n:1234.5', D1: 'n:7' });
});

test('a whole number under a format of zeros only is the code it shows', async () => {
  const cells = await cellsIn({
    rows: values(
      '<c s="1"><v>7</v></c><c s="2"><v>7</v></c><c s="3"><v>7</v></c><c s="1"><v>7.5</v></c><c s="1"><v>12345</v></c><c s="1"><v>-7</v></c><c s="4"><v>7</v></c>',
    ),
    formats: ['000', '0000000', '0', '[$-409]00000'],
  });
  expect(cells).toEqual({
    A1: 'z:007',
    B1: 'z:0000007',
    C1: 'n:7',
    D1: 'n:7.5',
    E1: 'z:12345',
    F1: 'z:-007',
    G1: 'z:00007',
  });
});

test('text inside extensions and formulas is not the value', async () => {
  const cells = await cellsIn({
    rows: values(
      '<c><f>"<![CDATA[x]]>"&amp;1</f><v>3</v><extLst><ext><v>9</v></ext></extLst></c><c><v>4</v></c>',
    ),
  });
  expect(cells).toEqual({ A1: 'n:3', B1: 'n:4' });
});

test('an inline text counts, and a value beside it does not, before or after it', async () => {
  const cell = (at: string, inside: string): string => `<c r="${at}" t="inlineStr">${inside}</c>`;
  const rows = values(
    cell('A1', '<v>1.0</v><is><t>1.</t></is>'),
    cell('B1', '<is><t>1.</t></is><v>1.0</v>'),
    cell('C1', '<is><t>1.</t></is><v/>'),
    cell('D1', '<v>1.0</v><is/>'),
    '<c r="E1"><v>5</v></c>',
  );
  expect(await cellsIn({ rows })).toEqual({ A1: 's:1.', B1: 's:1.', C1: 's:1.', E1: 'n:5' });
});

test.each(['"TRUE";"TRUE";"FALSE"', '"WAHR";"WAHR";"FALSCH"', 'TRUE;TRUE;FALSE'])(
  'numbers under the format %s are booleans, where they are 0 or 1',
  async (format) => {
    const rows = values(
      '<c r="A1" s="1" t="n"><v>1</v></c><c r="B1" s="1"><v>0</v></c><c r="C1" s="1"><v>2</v></c>',
    );
    expect(await cellsIn({ rows, formats: [format] })).toEqual({ A1: 'b:TRUE', B1: 'b:FALSE', C1: 'n:2' });
  },
);

test('numbers that are shown as other words stay numbers', async () => {
  const rows = values('<c r="A1" s="1"><v>1</v></c>');
  expect(await cellsIn({ rows, formats: ['"yes";"yes";"no"'] })).toEqual({ A1: 'n:1' });
});
