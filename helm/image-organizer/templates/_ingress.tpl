{{/* {context, component, host, port: the name of its Service's port} */}}
{{- define "io.ingress" -}}
{{- $ingress := .context.Values.ingress -}}
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  {{- include "io.metadata" . | nindent 2 }}
  annotations: {{ toJson $ingress.annotations }}
spec:
  {{- with $ingress.className }}
  ingressClassName: {{ . }}
  {{- end }}
  {{- with $ingress.tlsSecret }}
  tls: [{ hosts: [{{ $.host }}], secretName: {{ . }} }]
  {{- end }}
  rules:
    - host: {{ .host }}
      http:
        paths:
          - path: /
            pathType: Prefix
            backend: { service: { name: {{ include "io.componentName" . }}, port: { name: {{ .port }} } } }
{{- end }}
