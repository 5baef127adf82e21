/** How people of a language write numbers, months and days of the week. */
export interface Locale {
  readonly decimalChar: string;
  readonly groupChar: string;
  /**
   * From January; each month with every way to write it: small letters, without accents and without a dot at the end.
   */
  readonly months: readonly (readonly string[])[];
  /** From Monday; otherwise as `months`. */
  readonly weekdays: readonly (readonly string[])[];
}

/**
 * Written out here instead of taken from the runtime, whose tables change from version to version: the same file must
 * mean the same dates in every version.
 */
const WRITTEN = {
  en: {
    decimalChar: '.',
    groupChar: ',',
    months:
      'january jan, february feb, march mar, april apr, may, june jun, july jul, august aug, september sep sept, october oct, november nov, december dec',
    weekdays: 'monday mon, tuesday tue, wednesday wed, thursday thu, friday fri, saturday sat, sunday sun',
  },
  de: {
    decimalChar: ',',
    groupChar: '.',
    months:
      'januar jan jaen janner, februar feb feber, marz mar mrz maerz, april apr, mai, juni jun, juli jul, august aug, september sep sept, oktober okt, november nov, dezember dez',
    weekdays: 'montag mo, dienstag di, mittwoch mi, donnerstag do, freitag fr, samstag sa, sonntag so',
  },
  fr: {
    decimalChar: ',',
    groupChar: ' ',
    months:
      'janvier janv jan, fevrier fevr fev, mars, avril avr, mai, juin, juillet juil jul, aout, septembre sept sep, octobre oct, novembre nov, decembre dec',
    weekdays: 'lundi lun, mardi mar, mercredi mer, jeudi jeu, vendredi ven, samedi sam, dimanche dim',
  },
  es: {
    decimalChar: ',',
    groupChar: '.',
    months:
      'enero ene, febrero feb, marzo mar, abril abr, mayo may, junio jun, julio jul, agosto ago, septiembre sept sep set setiembre, octubre oct, noviembre nov, diciembre dic',
    weekdays: 'lunes lun, martes mar, miercoles mie, jueves jue, viernes vie, sabado sab, domingo dom',
  },
  it: {
    decimalChar: ',',
    groupChar: '.',
    months:
      'gennaio gen, febbraio feb, marzo mar, aprile apr, maggio mag, giugno giu, luglio lug, agosto ago, settembre set sett, ottobre ott, novembre nov, dicembre dic',
    weekdays: 'lunedi lun, martedi mar, mercoledi mer, giovedi gio, venerdi ven, sabato sab, domenica dom',
  },
  pt: {
    decimalChar: ',',
    groupChar: '.',
    months:
      'janeiro jan, fevereiro fev, marco mar, abril abr, maio mai, junho jun, julho jul, agosto ago, setembro set, outubro out, novembro nov, dezembro dez',
    weekdays:
      'segunda-feira seg, terca-feira ter, quarta-feira qua, quinta-feira qui, sexta-feira sex, sabado sab, domingo dom',
  },
  nl: {
    decimalChar: ',',
    groupChar: '.',
    months:
      'januari jan, februari feb, maart mrt mar, april apr, mei, juni jun, juli jul, augustus aug, september sep, oktober okt, november nov, december dec',
    weekdays: 'maandag ma, dinsdag di, woensdag wo, donderdag do, vrijdag vr, zaterdag za, zondag zo',
  },
  pl: {
    decimalChar: ',',
    groupChar: ' ',
    months:
      'styczen stycznia sty, luty lutego lut, marzec marca mar, kwiecien kwietnia kwi, maj maja, czerwiec czerwca cze, lipiec lipca lip, sierpien sierpnia sie, wrzesien wrzesnia wrz, pazdziernik pazdziernika paz, listopad listopada lis, grudzien grudnia gru',
    weekdays: 'poniedziałek pon, wtorek wt, sroda sr, czwartek czw, piatek pt, sobota sob, niedziela niedz',
  },
  cs: {
    decimalChar: ',',
    groupChar: ' ',
    months:
      'leden ledna led, unor unora uno, brezen brezna bre, duben dubna dub, kveten kvetna kve, cerven cervna cvn, cervenec cervence cvc, srpen srpna srp, zari zar, rijen rijna rij, listopad listopadu lis, prosinec prosince pro',
    weekdays: 'pondeli po, utery ut, streda st, ctvrtek ct, patek pa, sobota so, nedele ne',
  },
  da: {
    decimalChar: ',',
    groupChar: '.',
    months:
      'januar jan, februar feb, marts mar, april apr, maj, juni jun, juli jul, august aug, september sep, oktober okt, november nov, december dec',
    weekdays: 'mandag man, tirsdag tirs, onsdag ons, torsdag tors, fredag fre, lørdag lør, søndag søn',
  },
  sv: {
    decimalChar: ',',
    groupChar: ' ',
    months:
      'januari jan, februari feb, mars mar, april apr, maj, juni jun, juli jul, augusti aug, september sep, oktober okt, november nov, december dec',
    weekdays: 'mandag man, tisdag tis, onsdag ons, torsdag tors, fredag fre, lordag lor, sondag son',
  },
  nb: {
    decimalChar: ',',
    groupChar: ' ',
    months:
      'januar jan, februar feb, mars mar, april apr, mai, juni jun, juli jul, august aug, september sep, oktober okt, november nov, desember des',
    weekdays: 'mandag man, tirsdag tir, onsdag ons, torsdag tor, fredag fre, lørdag lør, søndag søn',
  },
  fi: {
    decimalChar: ',',
    groupChar: ' ',
    months:
      'tammikuu tammikuuta tammi, helmikuu helmikuuta helmi, maaliskuu maaliskuuta maalis, huhtikuu huhtikuuta huhti, toukokuu toukokuuta touko, kesakuu kesakuuta kesa, heinakuu heinakuuta heina, elokuu elokuuta elo, syyskuu syyskuuta syys, lokakuu lokakuuta loka, marraskuu marraskuuta marras, joulukuu joulukuuta joulu',
    weekdays: 'maanantai ma, tiistai ti, keskiviikko ke, torstai to, perjantai pe, lauantai la, sunnuntai su',
  },
} as const;

const asWritten = (text: string) => text.split(', ').map((names) => names.split(' '));

function locale({
  decimalChar,
  groupChar,
  months,
  weekdays,
}: (typeof WRITTEN)[keyof typeof WRITTEN]): Locale {
  return { decimalChar, groupChar, months: asWritten(months), weekdays: asWritten(weekdays) };
}

const LANGUAGES = Object.fromEntries(
  Object.entries(WRITTEN).map(([name, written]) => [name, locale(written)]),
) as Record<keyof typeof WRITTEN, Locale>;

export const LOCALES = {
  ...LANGUAGES,
  'de-CH': { ...LANGUAGES.de, decimalChar: '.', groupChar: "'" },
  'es-MX': { ...LANGUAGES.es, decimalChar: '.', groupChar: ',' },
} as const satisfies Record<string, Locale>;

export type LocaleName = keyof typeof LOCALES;
export const LOCALE_NAMES = Object.keys(LOCALES) as [LocaleName, ...LocaleName[]];
