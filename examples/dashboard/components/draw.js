// What all charts share: colours that a colour-blind reader and a printer can tell apart, and numbers as a person writes them.

export const colour = { ink: '#1b1b1f', grey: '#5f6368', line: '#dcdfe4', accent: '#0a5a9c', warn: '#a34a00', soft: '#b9d6ef' };
export const font = { fontFamily: 'Inter, system-ui, sans-serif', fontSize: 12, color: colour.ink };

const number = (options) => {
	const format = new Intl.NumberFormat('en-GB', options);
	return (value) => (isKnown(value) ? format.format(Number(value)) : '–');
};

export const isKnown = (value) => value !== null && value !== undefined && value !== '' && !Number.isNaN(Number(value));
export const count = number({ maximumFractionDigits: 0 });
const oneDigit = number({ minimumFractionDigits: 1, maximumFractionDigits: 1 });
const twoDigits = number({ minimumFractionDigits: 2, maximumFractionDigits: 2 });
// U+00A0: a number and its sign stay on one line.
export const percent = (share) => (isKnown(share) ? `${(Math.abs(share) < 0.01 && Number(share) !== 0 ? twoDigits : oneDigit)(share * 100)}\u00a0%` : '–');
export const wholePercent = (share) => `${count(share * 100)}\u00a0%`;
export const money = (currency) => {
	const round = number({ style: 'currency', currency, maximumFractionDigits: 0 });
	const cents = number({ style: 'currency', currency });
	return (value) => (Math.abs(value) < 100 ? cents : round)(value);
};
export const minutes = (value) => {
	if (!isKnown(value)) return '–';
	if (value < 120) return `${count(value)}\u00a0min`;
	return value < 2880 ? `${oneDigit(value / 60)}\u00a0h` : `${oneDigit(value / 1440)}\u00a0days`;
};

// Dates arrive as a Date at midnight UTC, or as text.
const parts = (value) => (value instanceof Date ? value : new Date(value));
export const month = (value) => parts(value).toLocaleDateString('en-GB', { month: 'short', year: 'numeric', timeZone: 'UTC' });
export const day = (value) => parts(value).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
export const isoDay = (value) => parts(value).toISOString().slice(0, 10);

// The result of a query, whatever stage of loading it is in, as an array.
export const rowsOf = (data) => (data && typeof data[Symbol.iterator] === 'function' ? [...data] : []);
export const list = (names) => (names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`);
