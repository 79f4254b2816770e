export default {};
export const monaco = {};
export const editor = {};
export const languages = {};
export const KeyMod = {};
export const KeyCode = {};
