import { tinyParts } from '../../readers/xlsx/tiny-workbook.ts';

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const REL = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006/relationships';
const DRAW = 'http://schemas.openxmlformats.org/drawingml/2006';
const TYPE = 'application/vnd.openxmlformats-officedocument';
const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';

/** A red dot, as small as a picture can be. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==',
  'base64',
);

const rels = (...all: readonly (readonly [id: string, type: string, target: string])[]) =>
  `${HEAD}<Relationships xmlns="${PACKAGE}">${all.map(([id, type, target]) => `<Relationship Id="${id}" Type="${REL}/${type}" Target="${target}"/>`).join('')}</Relationships>`;

const text = (cell: string, words: string) => `<c r="${cell}" t="inlineStr"><is><t>${words}</t></is></c>`;

/** What people build over years: a chart, a picture, a pivot table, conditional formats, lists to choose from, names, comments. */
export const SHEET_AFTER = [
  '<autoFilter ref="A1:C4"/>',
  '<conditionalFormatting sqref="B2:B4"><cfRule type="cellIs" dxfId="0" priority="1" operator="greaterThan"><formula>10</formula></cfRule></conditionalFormatting>',
  '<dataValidations count="1"><dataValidation type="list" allowBlank="1" sqref="C2:C4"><formula1>"North,South"</formula1></dataValidation></dataValidations>',
  '<pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/>',
  '<drawing r:id="rId1"/>',
].join('');

export const DEFINED_NAMES =
  '<definedNames><definedName name="_xlnm._FilterDatabase" localSheetId="0" hidden="1">Data!$A$1:$C$4</definedName><definedName name="Amounts">Data!$B$2:$B$4</definedName></definedNames>';

const CHART = `${HEAD}<c:chartSpace xmlns:c="${DRAW}/chart" xmlns:a="${DRAW}/main"><c:chart><c:plotArea><c:layout/><c:barChart><c:barDir val="col"/><c:grouping val="clustered"/><c:ser><c:idx val="0"/><c:order val="0"/><c:val><c:numRef><c:f>Data!$B$2:$B$4</c:f></c:numRef></c:val></c:ser><c:axId val="1"/><c:axId val="2"/></c:barChart><c:catAx><c:axId val="1"/><c:scaling/><c:delete val="0"/><c:axPos val="b"/><c:crossAx val="2"/></c:catAx><c:valAx><c:axId val="2"/><c:scaling/><c:delete val="0"/><c:axPos val="l"/><c:crossAx val="1"/></c:valAx></c:plotArea></c:chart></c:chartSpace>`;

const ANCHOR = (row: number, inside: string) =>
  `<xdr:twoCellAnchor><xdr:from><xdr:col>4</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>${row}</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:to><xdr:col>9</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>${row + 9}</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:to>${inside}<xdr:clientData/></xdr:twoCellAnchor>`;
const DRAWING = `${HEAD}<xdr:wsDr xmlns:xdr="${DRAW}/spreadsheetDrawing" xmlns:a="${DRAW}/main" xmlns:r="${REL}">${ANCHOR(0, `<xdr:graphicFrame macro=""><xdr:nvGraphicFramePr><xdr:cNvPr id="2" name="Chart"/><xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr><xdr:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/></xdr:xfrm><a:graphic><a:graphicData uri="${DRAW}/chart"><c:chart xmlns:c="${DRAW}/chart" r:id="rId1"/></a:graphicData></a:graphic></xdr:graphicFrame>`)}${ANCHOR(12, '<xdr:pic><xdr:nvPicPr><xdr:cNvPr id="3" name="Dot"/><xdr:cNvPicPr/></xdr:nvPicPr><xdr:blipFill><a:blip r:embed="rId2"/><a:stretch><a:fillRect/></a:stretch></xdr:blipFill><xdr:spPr><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></xdr:spPr></xdr:pic>')}</xdr:wsDr>`;

const PIVOT_CACHE = `${HEAD}<pivotCacheDefinition xmlns="${MAIN}" xmlns:r="${REL}" r:id="rId1" refreshOnLoad="1" recordCount="1"><cacheSource type="worksheet"><worksheetSource ref="A1:C4" sheet="Data"/></cacheSource><cacheFields count="3"><cacheField name="ID"><sharedItems/></cacheField><cacheField name="Amount"><sharedItems/></cacheField><cacheField name="Region"><sharedItems/></cacheField></cacheFields></pivotCacheDefinition>`;
const PIVOT = `${HEAD}<pivotTableDefinition xmlns="${MAIN}" name="Pivot" cacheId="1" dataCaption="Values"><location ref="A1:B3" firstHeaderRow="1" firstDataRow="1" firstDataCol="1"/><pivotFields count="3"><pivotField showAll="0"/><pivotField dataField="1" showAll="0"/><pivotField showAll="0"/></pivotFields></pivotTableDefinition>`;

const STYLES = `${HEAD}<styleSheet xmlns="${MAIN}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts><fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid"><fgColor rgb="FFDDEBF7"/></patternFill></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="14" fontId="0" fillId="2" borderId="0" xfId="0" applyFill="1"/><xf numFmtId="4" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles><dxfs count="1"><dxf><font><color rgb="FF9C0006"/></font></dxf></dxfs></styleSheet>`;

const NOTE_SHAPES =
  '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="2"/></o:shapelayout><v:shape id="_x0000_s2049" type="#_x0000_t202" style="visibility:hidden"><x:ClientData ObjectType="Note"><x:Row>0</x:Row><x:Column>0</x:Column></x:ClientData></v:shape></xml>';

function contentTypes(): string {
  const parts: readonly (readonly [string, string])[] = [
    ['xl/workbook.xml', 'spreadsheetml.sheet.main'],
    ['xl/worksheets/sheet1.xml', 'spreadsheetml.worksheet'],
    ['xl/worksheets/sheet2.xml', 'spreadsheetml.worksheet'],
    ['xl/styles.xml', 'spreadsheetml.styles'],
    ['xl/drawings/drawing1.xml', 'drawing'],
    ['xl/charts/chart1.xml', 'drawingml.chart'],
    ['xl/pivotTables/pivotTable1.xml', 'spreadsheetml.pivotTable'],
    ['xl/pivotCache/pivotCacheDefinition1.xml', 'spreadsheetml.pivotCacheDefinition'],
    ['xl/pivotCache/pivotCacheRecords1.xml', 'spreadsheetml.pivotCacheRecords'],
    ['xl/comments2.xml', 'spreadsheetml.comments'],
  ];
  return `${HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/><Default Extension="vml" ContentType="${TYPE}.vmlDrawing"/>${parts.map(([name, type]) => `<Override PartName="/${name}" ContentType="${TYPE}.${type}+xml"/>`).join('')}</Types>`;
}

/** The parts of such a workbook, each complete enough for spreadsheet programs to open it. */
export function richParts(): Map<string, string | Buffer> {
  const cells = [
    `<row r="1">${text('A1', 'ID')}${text('B1', 'Amount')}${text('C1', 'Region')}</row>`,
    `<row r="2"><c r="A2"><v>1</v></c><c r="B2" s="2"><v>12.5</v></c>${text('C2', 'North')}</row>`,
    `<row r="3"><c r="A3"><v>2</v></c><c r="B3" s="2"><f>B2*2</f><v>25</v></c>${text('C3', 'Nroth')}</row>`,
    `<row r="4"><c r="A4" s="1"><v>45000</v></c><c r="B4" s="2"><v>7</v></c></row>`,
  ].join('');
  const sheet = (rows: string, after: string) =>
    `${HEAD}<worksheet xmlns="${MAIN}" xmlns:r="${REL}"><sheetData>${rows}</sheetData>${after}</worksheet>`;
  return new Map<string, string | Buffer>([
    ['[Content_Types].xml', contentTypes()],
    ['_rels/.rels', tinyParts({}).get('_rels/.rels') as string],
    [
      'xl/workbook.xml',
      `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${REL}"><sheets><sheet name="Data" sheetId="1" r:id="rId1"/><sheet name="Pivot" sheetId="2" r:id="rId2"/></sheets>${DEFINED_NAMES}<pivotCaches><pivotCache cacheId="1" r:id="rId4"/></pivotCaches></workbook>`,
    ],
    [
      'xl/_rels/workbook.xml.rels',
      rels(
        ['rId1', 'worksheet', 'worksheets/sheet1.xml'],
        ['rId2', 'worksheet', 'worksheets/sheet2.xml'],
        ['rId3', 'styles', 'styles.xml'],
        ['rId4', 'pivotCacheDefinition', 'pivotCache/pivotCacheDefinition1.xml'],
      ),
    ],
    ['xl/styles.xml', STYLES],
    ['xl/worksheets/sheet1.xml', sheet(cells, SHEET_AFTER)],
    ['xl/worksheets/_rels/sheet1.xml.rels', rels(['rId1', 'drawing', '../drawings/drawing1.xml'])],
    [
      'xl/worksheets/sheet2.xml',
      sheet(`<row r="1">${text('A1', 'Sum')}</row>`, '<legacyDrawing r:id="rId3"/>'),
    ],
    [
      'xl/worksheets/_rels/sheet2.xml.rels',
      rels(
        ['rId1', 'pivotTable', '../pivotTables/pivotTable1.xml'],
        ['rId2', 'comments', '../comments2.xml'],
        ['rId3', 'vmlDrawing', '../drawings/vmlDrawing2.vml'],
      ),
    ],
    ['xl/drawings/drawing1.xml', DRAWING],
    [
      'xl/drawings/_rels/drawing1.xml.rels',
      rels(['rId1', 'chart', '../charts/chart1.xml'], ['rId2', 'image', '../media/image1.png']),
    ],
    ['xl/charts/chart1.xml', CHART],
    ['xl/media/image1.png', PNG],
    ['xl/pivotTables/pivotTable1.xml', PIVOT],
    [
      'xl/pivotTables/_rels/pivotTable1.xml.rels',
      rels(['rId1', 'pivotCacheDefinition', '../pivotCache/pivotCacheDefinition1.xml']),
    ],
    ['xl/pivotCache/pivotCacheDefinition1.xml', PIVOT_CACHE],
    [
      'xl/pivotCache/_rels/pivotCacheDefinition1.xml.rels',
      rels(['rId1', 'pivotCacheRecords', 'pivotCacheRecords1.xml']),
    ],
    ['xl/pivotCache/pivotCacheRecords1.xml', `${HEAD}<pivotCacheRecords xmlns="${MAIN}" count="0"/>`],
    [
      'xl/comments2.xml',
      `${HEAD}<comments xmlns="${MAIN}"><authors><author>Boss</author></authors><commentList><comment ref="A1" authorId="0"><text><t>Mine</t></text></comment></commentList></comments>`,
    ],
    ['xl/drawings/vmlDrawing2.vml', NOTE_SHAPES],
  ]);
}
