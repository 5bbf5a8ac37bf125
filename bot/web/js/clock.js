/**
 * Times as people in Viet Nam read them: Asia/Ho_Chi_Minh, 24 hours, day before month.
 *
 * The zone is fixed, whatever the device says: dates in the rules mean Vietnamese days.
 */

import { t } from "./strings.js";

const ZONE = "Asia/Ho_Chi_Minh";
const DAY = 86_400_000;
const hours = new Intl.DateTimeFormat("vi-VN", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: ZONE });
const days = new Intl.DateTimeFormat("en-CA", { year: "numeric", month: "2-digit", day: "2-digit", timeZone: ZONE });

/** A Date from the server's ISO time; a missing zone means UTC, an unreadable time means now. */
export function instant(iso) {
  const zoned = /(?:Z|[+-]\d\d:?\d\d)$/i.test(iso ?? "") ? iso : `${iso}Z`;
  const date = new Date(zoned);
  return Number.isNaN(date.getTime()) ? new Date() : date;
}

/** "09:05" */
export const hourMinute = (date) => hours.format(date);

/** "2026-11-22": the Vietnamese day, fit for comparing. */
export const dayKey = (date) => days.format(date);

/** "2026-11-22" → "22/11/2026" */
export const dayMonthYear = (key) => key.slice(0, 10).split("-").reverse().join("/");

/** "Hôm nay", "Hôm qua" or "T2 17/11/2026". */
export function dayLabel(key, now = new Date()) {
  if (key === dayKey(now)) return t("today");
  if (key === dayKey(new Date(now.getTime() - DAY))) return t("yesterday");
  const weekday = t("weekdays").split(" ")[new Date(`${key}T00:00:00Z`).getUTCDay()];
  return `${weekday} ${dayMonthYear(key)}`;
}
