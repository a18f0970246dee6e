const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A running watch: `00:14:08`, and from a day on `3 d 04:11`. Negative spans read as zero. */
export function watch(ms: number): string {
  const left = Math.max(0, Math.floor(ms / SECOND));
  const two = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(left / 3_600);
  const minutes = Math.floor((left % 3_600) / 60);
  if (left >= 86_400)
    return `${Math.floor(left / 86_400)} d ${two(Math.floor((left % 86_400) / 3_600))}:${two(minutes)}`;
  return `${two(hours)}:${two(minutes)}:${two(left % 60)}`;
}

/** A span in the words of a tired person: `41 ms`, `52 s`, `8 min 40 s`, `3 h 20 min`, `4 d 2 h`. */
export function span(ms: number): string {
  const abs = Math.abs(ms);
  if (abs < SECOND) return `${Math.round(abs)} ms`;
  if (abs < MINUTE) return `${Math.floor(abs / SECOND)} s`;
  if (abs < HOUR) return pair(abs, MINUTE, 'min', SECOND, 's', 10);
  if (abs < DAY) return pair(abs, HOUR, 'h', MINUTE, 'min', 10);
  return pair(abs, DAY, 'd', HOUR, 'h', 14);
}

function pair(ms: number, big: number, bigName: string, small: number, smallName: string, onlyBigFrom: number): string {
  const whole = Math.floor(ms / big);
  const rest = Math.floor((ms % big) / small);
  return whole >= onlyBigFrom || rest === 0 ? `${whole} ${bigName}` : `${whole} ${bigName} ${rest} ${smallName}`;
}

/** `just now`, `52 s ago`, `in 3 h 20 min`. */
export function ago(at: string | number, now: number): string {
  const ms = now - (typeof at === 'number' ? at : Date.parse(at));
  if (Math.abs(ms) < 5 * SECOND) return 'just now';
  return ms > 0 ? `${span(ms)} ago` : `in ${span(ms)}`;
}

/** The short local time a line needs: `23:21` today, `19 Nov 23:21` on another day, with the year when it is another year. */
export function shortTime(at: string, now: number, zone?: string): string {
  const date = new Date(at);
  const base: Intl.DateTimeFormatOptions = {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    ...(zone ? { timeZone: zone } : {}),
  };
  if (dayOf(date, zone) === dayOf(new Date(now), zone)) return format(date, base);
  const year = date.getUTCFullYear() === new Date(now).getUTCFullYear() ? {} : { year: 'numeric' as const };
  return format(date, { day: 'numeric', month: 'short', ...year, ...base }).replace(',', '');
}

/** Everything about an instant, zone included: what a hover shows. */
export function wholeTime(at: string, zone?: string): string {
  const date = new Date(at);
  const local = format(date, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'long',
    ...(zone ? { timeZone: zone } : {}),
  });
  return `${local} · ${at.slice(0, 19).replace('T', ' ')} UTC`;
}

function format(date: Date, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat('en-GB', options).format(date);
}

function dayOf(date: Date, zone?: string): string {
  return format(date, { year: 'numeric', month: '2-digit', day: '2-digit', ...(zone ? { timeZone: zone } : {}) });
}

/** What a `datetime-local` input shows for an instant, in the reader's zone, and back. */
export function toLocalInput(at: string): string {
  const date = new Date(at);
  return new Date(date.getTime() - date.getTimezoneOffset() * MINUTE).toISOString().slice(0, 19);
}
export function fromLocalInput(text: string): string | null {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}
