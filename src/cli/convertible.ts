/** The programs whose configuration can be converted. */
export const convertible = ['ldirectord'] as const;
export type Convertible = (typeof convertible)[number];
