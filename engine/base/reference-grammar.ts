/**
 * The grammar of image references, from the package comment of github.com/distribution/reference:
 * `[domain/]path[:tag][@digest]`.
 */
const domainLabel = "[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?";
const host = String.raw`(?:${domainLabel}(?:\.${domainLabel})*|\[[a-fA-F0-9:]+\])`;
const domain = `${host}(?::[0-9]+)?`;
const pathComponent = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
const path = `${pathComponent}(?:/${pathComponent})*`;
const tag = String.raw`[\w][\w.-]{0,127}`;
const digest = "[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}";

/** A registry's host with an optional port. */
export const domainSyntax = new RegExp(`^${domain}$`);

/** A repository name; captures its domain, if any, and its path. */
export const nameSyntax = new RegExp(`^(?:(${domain})/)?(${path})$`);

/** A whole reference; captures name, tag and digest. */
export const referenceSyntax = new RegExp(`^((?:${domain}/)?${path})(?::(${tag}))?(?:@(${digest}))?$`);

/** A tag by itself. */
export const tagSyntax = new RegExp(`^${tag}$`);

/** A digest by itself, whatever its algorithm. */
export const digestSyntax = new RegExp(`^${digest}$`);

/** A full image or container id. */
export const identifierSyntax = /^[a-f0-9]{64}$/;
