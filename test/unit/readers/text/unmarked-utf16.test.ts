import { describe, expect, it } from 'vitest';
import { decodedUtf16, likelierUtf16, unmarkedUtf16 } from '../../../../src/readers/text/unmarked-utf16.ts';

const little = (text: string) => Buffer.from(text, 'utf16le');
const big = (text: string) => little(text).swap16();

const TABLES = [
  ['English', 'id;name;amount\r\n1;Ann;2.50\r\n'],
  ['German', 'Straße,Größe\nMüllerstraße,5 €\n'],
  ['Polish', 'imię;żądło\nŁukasz;ść\n'],
  ['Russian', 'Номер;Название;Сумма\r\n1;Иванов Иван Иванович;100,50\r\n'],
  ['Russian words alone', 'Наименование\nПредприятие\nУправление\n'],
  ['Greek', 'Όνομα,Επώνυμο\nΓιώργος,Παπαδόπουλος\n'],
  ['Hebrew', 'שם,סכום\nדוד כהן,חמש\n'],
  ['Arabic', 'الاسم,المبلغ\nمحمد,خمسة\n'],
  ['Hindi, whose letters share a byte with the tab', 'नाम,राशि\nराजेश कुमार,पाँच\n'],
  ['Gujarati, whose letters share a byte with the end of a line', 'નામ,રકમ\nરાજેશ,પાંચ\n'],
  ['Malayalam, whose letters share a byte with the return', 'പേര്,തുക\nരാജേഷ്,അഞ്ച്\n'],
  ['Thai', 'ชื่อ,จำนวน\nสมชาย,ห้า\n'],
  ['Japanese kana alone, which are digits and letters by their bytes', 'なまえ,きんがく\nさくら,ごひゃく\n'],
  ['Japanese', '氏名,金額,備考\n山田 太郎,1200,東京都のデータ\n'],
  ['Chinese, whose 一 ends with a zero byte', '名称,一月,上海\n一家公司,12,一上一下\n'],
  ['Korean', '이름,금액\n홍길동,천이백\n'],
  ['characters of two units', 'a,b\n😀😀,𝒳𝒴\n'],
  ['one wide row of headers and no more', `${'column_name,'.repeat(300)}`],
] as const;

describe('UTF-16 without a byte order mark', () => {
  it.each(TABLES)('is known in both orders of its bytes: %s', (_language, text) => {
    expect(unmarkedUtf16(little(text))).toBe('utf-16le');
    expect(unmarkedUtf16(big(text))).toBe('utf-16be');
    expect(likelierUtf16(little(text))).toBe('utf-16le');
    expect(likelierUtf16(big(text))).toBe('utf-16be');
    expect(decodedUtf16(big(text), 'utf-16be')).toBe(text);
  });

  it('is known where the bytes looked at end within a character', () => {
    const text = little(TABLES[3][1]);
    for (let cut = 60; cut < text.length; cut++)
      expect(unmarkedUtf16(text.subarray(0, cut)), `${cut}`).toBe('utf-16le');
    expect(unmarkedUtf16(little('a,b\n1,😀').subarray(0, -2))).toBe('utf-16le');
  });

  it.each([
    ['a zero byte', 'id,name\n1,A\0nn\n2,Bob\n'],
    ['two of them side by side', 'id,name\n1,A\0\0n\n2,Bob\n'],
    ['two on one side of their pairs', 'id,name\n1,A\0n\0\n2,Bob\n'],
    ['zero bytes as padding', `id,name\n1,Ann\n${'\0'.repeat(500)}`],
    ['a zero byte at the end of each line', 'id,name\0\n1,Annie\0\n2,Bobby\0\n'],
    ['columns of a letter', 'a,b,c\na,b,\0,c\0\n1,2,3\n'],
    ['accents', 'näme,größe\nJürgen\0,Käthe\0\n'],
    ['Russian', 'Номер;Название\n1;Ива\0нов\n2;Петр\0ов\n'],
    ['no zero byte', 'id,name\n1,Ann\n'],
  ])('is not seen in UTF-8 with %s', (_what, text) => {
    expect(unmarkedUtf16(Buffer.from(text))).toBeNull();
  });

  it('is not seen in bytes that are no text', () => {
    const bytes = Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * i * 31 + (i >> 3)) & 255));
    expect(unmarkedUtf16(bytes)).toBeNull();
  });
});
