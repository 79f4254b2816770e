/** Identifies a virtual server: `tcp/10.0.0.1:80`, `tcp/[2001:db8::1]:80`, `fwmark/7`, `fwmark/7/inet6`, `group/NAME:0`. */
export type VsId = string & { readonly vsId: never };
/** Identifies a real server inside its virtual server: `10.0.0.2:80`, `[2001:db8::2]:80`. */
export type RsId = string & { readonly rsId: never };
/** Identifies one check of one real server; survives a reload as long as what is checked stays the same. */
export type CheckerId = string & { readonly checkerId: never };

export const vsId = (text: string): VsId => text as VsId;
export const rsId = (text: string): RsId => text as RsId;
export const checkerId = (text: string): CheckerId => text as CheckerId;
