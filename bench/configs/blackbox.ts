/** One module that does what HTTP_GET with status_code 200 does. */
export const blackboxConfig = `modules:
  http:
    prober: http
    timeout: 3s
    http:
      valid_status_codes: [200]
      preferred_ip_protocol: ip4
      follow_redirects: false
`;
