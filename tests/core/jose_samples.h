// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

/// Tokens and the public key that the APISIX manual's jwt-auth page prints. T1 and T5 were signed
/// with a web debugger's default secret instead of the secrets the page configures.
namespace samples {

inline const std::string T1 =
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJrZXkiOiJqYWNrLWtleSIsIm5iZiI6MTcyOTEzMjI3MX0."
    "0VDKUzNkSaa_H5g_rGNbNtDcKJ9fBGgcGC56AsVsV-I";
inline const std::string T2 =
    "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJleHAiOjE3MjY2NDk2NDAsImtleSI6ImphY2sta2V5In0."
    "kdhumNWrZFxjUvYzWLt4lFr546PNsr9TXuf0Az5opoM";
inline const std::string T3 =
    "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJrZXkiOiJ1c2VyLWtleSIsImV4cCI6MTY5NTEyOTA0NH0."
    "EiktFX7di_tBbspbjmqDKoWAD9JG39Wo_CAQ1LZ9voQ";
inline const std::string T4 =
    "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJleHAiOjE2OTUxMzMxNTUsImtleSI6Imp3dC1rZXkifQ."
    "jiKuaAJqHNSSQCjXRomwnQXmdkC5Wp5VDPRsJlh1WAQ";
inline const std::string T5 =
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJrZXkiOiJqd3QtdmF1bHQta2V5IiwibmJmIjoxNzI5MTMyMjcx"
    "fQ.faiN93LNP1lGSXqAb4empNJKMRWop8-KgnU58VQn1EE";
inline const std::string T5c =
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJrZXkiOiJqd3QtdmF1bHQta2V5IiwibmJmIjoxNzI5MTMyMjcx"
    "fQ.wlHb3d3fgiEJIQh3W4xY-YIbePNwNbkK_Kr_EcRTSDY";
inline const std::string T6 =
    "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJrZXkiOiJqd3QtdmF1bHQta2V5IiwiZXhwIjoxNjk1MTM4NjM1"
    "fQ.Au2liSZ8eQXUJR3SJESwNlIfqZdNyRyxIJK03L4dk_g";
inline const std::string T7 =
    "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJrZXkiOiJqYWNrLWtleSIsImV4cCI6MTczNDIzMDQwMH0."
    "XjqM0oszmCggwZs-8PUIlJv8wPJON1la2ET5v70E6TCE32Yq5ibrl-1azaK7IreAer3HtnVHeEfII2rR02v8xfR1TP"
    "IjU_oHov4qC-A4tLTbgqGVXI7fCy2WFm3PFh6MEKuRe6M3dCQtCAdkRRQrBr1gWFQZhV3TNeMmmtyIfuJpB7cp4DW5"
    "pYFsCcoE1Nw6Tz7dt8k0tPBTPI2Mv9AYfMJ30LHDscOaPNtz8YIk_TOkV9b9mhQudUJ7J_suCZMRxD3iL655jTp2gK"
    "sstGKdZa0_W9Reu4-HY3LSc5DS1XtfjuftpuUqgg9FvPU0mK_b0wT_Rq3lbYhcHb9GZ72qiQ";
inline const std::string T8 =
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJrZXkiOiJqYWNrLWtleSIsIm5iZiI6MTcyOTEzMjI3MX0."
    "hjtSsEILpko14zb8-ibyxrB2tA5biYY9JrFm3do69vs";

inline const std::string kPublicKeyBody =
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAnE0h4k/GWfEbYO/yE2MPjHtNKDLNz4mv1KNIPLxY2ccjPYOt"
    "juug+iZ4MujLV59YfrHriTs0H8jweQfff3pRSMjyEK+4qWTY3TeKBXIEa3pVDeoedSJrgjLBVio6xH7et8ir+QScScfL"
    "aJHGB4/l3DDGyEhO782a9teY8brn5hsWX5uLmDJvxtTGAHYi847XOcx2UneW4tZ8wQ6JGBSiSg5qAHan4dFZ7CpixCNN"
    "qEcSK6EQ7lKOLeFGG8ys/dHBIEasU4oMlCuJH77+XQQ/shchy+vm9oZfP+grLZkV+nKAd8MQZsid7ZJ/fiB/BmnhGrjt"
    "Ifh98jwxSx4DgdLhdwIDAQAB";
/// As the page prints it: the whole body on one line.
inline const std::string kPublicKeyPem =
    "-----BEGIN PUBLIC KEY-----\n" + kPublicKeyBody + "\n-----END PUBLIC KEY-----\n";

} // namespace samples
