/** Codes of currencies in use by ISO 4217 (list one), without metals, baskets of currencies and codes for tests. */
export const CURRENCY_CODES: ReadonlySet<string> = new Set(
  (
    'AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP ' +
    'CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ' +
    'ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT ' +
    'MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD ' +
    'SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES ' +
    'VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG'
  ).split(' '),
);

/**
 * A currency sign, with the letters of its country before it where there are any (`US$`), and no others (`CR$`); a
 * pattern that RE2 and JavaScript (flag u) read alike. The sign of a cent is not among them: it would make another
 * amount.
 */
export const CURRENCY_SIGN =
  '(?:US|AU?|CA?|NZ|HK|SG?|NT|R|MX?|Mex|CN|JP|TT|BZ?|FJ|J|Bds|EC|E|L|NA?|Z)?[^\\P{Sc}\u00a2\uffe0]';

/** Abbreviations of currencies, with or without a dot. Single letters and units of measure are left out. */
export const CURRENCY_ABBREVIATION =
  '(?:[Kk]r|Rs|S?Fr|z\u0142|K\u010d|Ft|[Ll]ei|RM|Rp|TL|\u0440\u0443\u0431)\\.?';

/** A currency in letters: a code of ISO 4217, an abbreviation, or the word euro. */
export const CURRENCY_WORD = `(?:${[...CURRENCY_CODES].join('|')}|EURO|[Ee]uros?|${CURRENCY_ABBREVIATION})`;
