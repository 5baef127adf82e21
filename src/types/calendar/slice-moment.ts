const TIME = /^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/;

export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || text.startsWith('0000')) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

export function isTime(text: string): boolean {
  return TIME.test(text);
}

/** A day with or without a time, as engines write it; null for any other text. */
export function sliceMoment(text: string): string | null {
  const [day = '', time = '00:00', ...rest] = text.split(/[T ]/);
  return rest.length === 0 && isDay(day) && isTime(time) ? `${day} ${time}` : null;
}
